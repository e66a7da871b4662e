# SPDX-License-Identifier: BSD-2-Clause
"""Small mistakes made in C source: every place where one of the operators below fits.

Works on tokens, not on a syntax tree: what does not compile is no mutant, and the compiler says so.
Comments, strings, preprocessor lines, static assertions and declarations of types are left alone.
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*)
      | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<number>0[xX][0-9a-fA-F]+[uUlL]*|[0-9]+[uUlL]*)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<sign>->|\+\+|--|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE)

# What a sign between two operands becomes.
BINARY = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
    "==": ("!=", "<=", ">="), "!=": ("==", "<", ">"),
    "&&": ("||",), "||": ("&&",),
    "+": ("-",), "-": ("+",), "*": ("+",), "/": ("*",), "%": ("/",),
    "<<": (">>",), ">>": ("<<",), "|": ("&",), "&": ("|",),
}
OTHER = {
    "++": ("--",), "--": ("++",), "+=": ("-=", "="), "-=": ("+=", "="), "*=": ("=",),
    "|=": ("&=", "="), "&=": ("|=", "="), "!": ("",), "~": ("",),
}
STATEMENTS = {"if", "for", "while", "do", "switch", "case", "default", "else", "goto"}
TYPES = re.compile(r"const|static|struct|enum|union|unsigned|signed|int|char|void|bool|long|"
                   r"extern|volatile|\w+_t")
UNORDERED = re.compile(r"RPROCFW_(OK|ERR_\w+|RPROC_\w+|AUTHENTIC)$")


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Mutant:
    file: str      # its name, without the folder
    start: int     # what stands from here to end ...
    end: int
    text: str      # ... becomes this
    line: int
    name: str      # "FILE FUNCTION: code {BEFORE => AFTER} code", without line: code moves

    def apply(self, source):
        return source[:self.start] + self.text + source[self.end:]


class Source:
    """One file, and all that can be done to it."""

    def __init__(self, file, text):
        self.file = file
        self.text = text
        self.tokens = []
        code = list(text)
        for match in TOKEN.finditer(text):
            if match.lastgroup == "skip":
                if not match.group().isspace():
                    for at in range(match.start(), match.end()):
                        code[at] = code[at] if code[at] == "\n" else " "
            else:
                self.tokens.append(Token(match.lastgroup, match.group(), match.start(),
                                         match.end()))
        self.code = "".join(code)  # without comments and preprocessor lines
        self.pair = self._pairs()
        self.edits = []  # (function, start, end, text)
        self._walk()

    def _pairs(self):
        """For each bracket the index of its partner."""
        pair, open_ = {}, []
        for i, token in enumerate(self.tokens):
            if token.kind == "sign" and token.text in "([{":
                open_.append(i)
            elif token.kind == "sign" and token.text in ")]}":
                pair[i] = open_.pop()
                pair[pair[i]] = i
        return pair

    def _is(self, i, *texts):
        return 0 <= i < len(self.tokens) and self.tokens[i].text in texts

    def _edit(self, first, last, text):
        """Tokens first to last become text."""
        self.edits.append((self.function, self.tokens[first].start, self.tokens[last].end, text))

    # --- Where code is: bodies of functions, and initial values of tables ------------------------

    def _walk(self):
        i = 0
        while i < len(self.tokens):
            if self._is(i, "_Static_assert"):
                i = self.pair[i + 1]
            elif self._is(i, "{"):
                self._definition(i)
                i = self.pair[i]
            i += 1

    def _definition(self, brace):
        """What begins at file scope with that brace."""
        head = brace - 1
        while head >= 0 and not self._is(head, ";", "}"):
            head -= 1
        if self._is(brace - 1, ")"):
            name = self.pair[brace - 1] - 1
            self.function = self.tokens[name].text
            self.returns = [token.text for token in self.tokens[head + 1:name]]
            self._code(brace + 1, self.pair[brace])
        elif self._is(brace - 1, "="):
            names = [token.text for token in self.tokens[head + 1:brace] if token.kind == "name"]
            self.function = next(name for name in reversed(names)
                                 if not name.startswith("RPROCFW_"))
            for i in range(brace + 1, self.pair[brace]):
                self._constant(i)

    # --- Inside a function -----------------------------------------------------------------------

    def _code(self, begin, end):
        i = begin
        fresh = True  # does a statement begin here?
        while i < end:
            text = self.tokens[i].text
            if text == "case":
                while not self._is(i, ":"):
                    i += 1
                fresh = True
            elif fresh and text not in STATEMENTS and text not in "{};":
                self._statement(i)
                fresh = False
            elif text in ("if", "while", "switch", "for"):
                self._condition(i)
                i = self._heads(i)
                fresh = True
            else:
                self._token(i)
                fresh = text in ("{", "}", ";", "else", "do", "default")
                if text == "default":
                    i += 1
            if not fresh and i < end:
                self._token(i)
                fresh = self._is(i, ";")
            i += 1

    def _heads(self, i):
        """Mutates what is in the parentheses after if, while, switch, for; the index of ')'."""
        close = self.pair[i + 1]
        for j in range(i + 2, close):
            self._token(j)
        return close

    def _condition(self, i):
        open_, close = i + 1, self.pair[i + 1]
        if self._is(i, "if"):
            self._edit(open_ + 1, close - 1, "0")
            self._edit(open_ + 1, close - 1, "1")
        elif self._is(i, "while") and close - open_ > 1:
            self._edit(open_ + 1, close - 1, "0")
        elif self._is(i, "for"):
            first = next(j for j in range(open_, close) if self._is(j, ";"))
            second = next(j for j in range(first + 1, close) if self._is(j, ";"))
            if second > first + 1:
                self._edit(first + 1, second - 1, "0")

    def _statement(self, i):
        """A statement of one expression, or a declaration, or a return."""
        last = i
        while not self._is(last, ";"):
            last = self.pair[last] if self._is(last, "(", "{", "[") else last
            last += 1
        if self._is(i, "return"):
            self._return(i, last)
        elif not (self.tokens[i].kind == "name" and TYPES.fullmatch(self.tokens[i].text)):
            self._edit(i, last, ";")
            assign = next((j for j in range(i, last) if self._is(j, "=")), None)
            if assign is not None and self._is(last - 1, ")"):
                self._edit(i, assign, "(void)")  # the call is made, its answer is dropped

    def _return(self, i, last):
        if last == i + 1:
            self._edit(i, last, ";")
            return
        value = self.text[self.tokens[i + 1].start:self.tokens[last].start]
        alone = last == i + 2
        if "rprocfw_status" in self.returns and not (alone and self._is_status(i + 1)):
            self._edit(i + 1, last - 1, f"((void)({value}), RPROCFW_OK)")
        elif "bool" in self.returns and not (alone and self._is(i + 1, "true", "false")):
            self._edit(i + 1, last - 1, f"((void)({value}), true)")
            self._edit(i + 1, last - 1, f"((void)({value}), false)")
        elif "*" in self.returns and not self._is(i + 1, "NULL"):
            self._edit(i + 1, last - 1, "NULL")

    # --- One token -------------------------------------------------------------------------------

    def _token(self, i):
        token = self.tokens[i]
        if token.kind == "sign":
            if token.text in BINARY and self._is_binary(i):
                # Statuses and states are equal or not; which is the larger has no meaning.
                count = 1 if UNORDERED.match(self.tokens[i + 1].text) else None
                for text in BINARY[token.text][:count]:
                    self._edit(i, i, text)
            elif token.text in OTHER:
                for text in OTHER[token.text]:
                    self._edit(i, i, text)
            elif token.text == "?":
                self._choice(i)
        elif self._is(i, "true"):
            self._edit(i, i, "false")
        elif self._is(i, "false"):
            self._edit(i, i, "true")
        elif self._is(i, "break", "continue") and self._is(i + 1, ";"):
            self._edit(i, i, "")
        elif self._is(i, "sizeof"):
            last = self.pair[i + 1]
            self._edit(i, last, f"({self.text[token.start:self.tokens[last].end]} - 1)")
        else:
            self._constant(i)

    def _is_status(self, i):
        text = self.tokens[i].text
        return text == "RPROCFW_OK" or text.startswith("RPROCFW_ERR_")

    def _constant(self, i):
        token = self.tokens[i]
        if token.kind == "number":
            value = int(token.text.rstrip("uUlL"), 0)
            suffix = token.text[len(token.text.rstrip("uUlL")):]
            self._edit(i, i, f"{value + 1}{suffix}")
            if value > 0:
                self._edit(i, i, f"{value - 1}{suffix}")
        elif token.text == "RPROCFW_OK":
            self._edit(i, i, "RPROCFW_ERR_READ")
        elif token.text.startswith("RPROCFW_ERR_"):
            self._edit(i, i, "RPROCFW_OK")
        elif re.fullmatch(r"[A-Z][A-Z0-9_]+", token.text) and token.text != "NULL" and \
                not self._is(i + 1, "("):
            self._edit(i, i, f"({token.text} + 1)")
            self._edit(i, i, f"({token.text} - 1)")

    def _is_binary(self, i):
        """Does an operand stand before that sign? Not so in *p, (type)-1 and type *p."""
        before = self.tokens[i - 1]
        if before.text == ")":
            inside = [token.text for token in self.tokens[self.pair[i - 1] + 1:i - 1]]
            return not all(TYPES.fullmatch(text) or text == "*" or text.startswith("rprocfw_")
                           for text in inside)
        if before.text == "]":
            return True
        if before.kind == "name":
            return not (TYPES.fullmatch(before.text) or self._is(i - 2, "struct", "enum") or
                        before.text == "return")
        return before.kind == "number"

    def _choice(self, i):
        """a ? b : c is always b, or always c."""
        j = i - 1
        while not self._is(j, "return", "=", ",", "(", "[", ";", ":", "?", "{"):
            j = self.pair[j] if self._is(j, ")", "]") else j
            j -= 1
        self._edit(j + 1, i - 1, "1")
        self._edit(j + 1, i - 1, "0")

    # --- All of them -----------------------------------------------------------------------------

    def mutants(self):
        """Each once, in the order of the file."""
        seen = set()
        names = {}
        for function, start, end, text in sorted(self.edits, key=lambda edit: edit[1:]):
            if (start, end, text) in seen:
                continue
            seen.add((start, end, text))
            name = self._name(function, start, end, text)
            names[name] = names.get(name, 0) + 1
            if names[name] > 1:  # the same text once more in the same function
                name += f" [{names[name]}]"
            yield Mutant(self.file, start, end, text, self.text.count("\n", 0, start) + 1, name)

    def _name(self, function, start, end, text):
        first = self.code.rfind("\n", 0, start) + 1
        last = self.code.find("\n", end)
        return " ".join(f"{self.file} {function}: {self.code[first:start]}"
                        f"{{{self.code[start:end]} => {text}}}{self.code[end:last]}".split())
