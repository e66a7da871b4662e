/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work on many things at once. Threads take one after the other; the thread that called tells what
 * they noted, in the order of the things, and waits for signals, which end the process between two
 * of them and not within one.
 */
#include <pthread.h>
#include <search.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "batch.h"
#include "options.h"

#define LINE_ROOM 4096 /* bytes of a line; the library's texts are shorter */
#define POLL_MS   50   /* how soon a signal is seen */

struct note {
    char *text;
    bool once; /* it is left out if it was said before */
};

struct run;

struct batch_notes {
    const char *tool;
    struct run *run;
    struct note *note;
    size_t count;
    bool begun; /* by a thread */
    bool done;  /* all is noted */
    int status; /* then: exit status */
};

struct run {
    const struct batch *batch;
    struct batch_notes *notes; /* one a thing */
    bool shown;                /* there is a progress line, ... */
    size_t shown_done;         /* ... which says so many */
    void *said;                /* a tree of the warnings that were printed */
    pthread_mutex_t lock;      /* of all that follows, and of begun and done */
    pthread_cond_t finished;   /* one more is done */
    size_t next;               /* to be begun */
    size_t done;
    unsigned threads; /* that are at work */
    bool stop;        /* nothing new is begun */
    bool interrupted; /* because of a signal */
    int signal;       /* which; 0: none yet */
    sigset_t before;  /* the signals that are not held outside */
};

/* ---- What is noted ---- */

/* Without memory it is said at once, wherever in the order that is. */
static void add_note(struct batch_notes *notes, bool once, const char *text)
{
    char *copy = strdup(text);
    struct note *grown = realloc(notes->note, (notes->count + 1) * sizeof(*grown));

    if (grown != NULL)
        notes->note = grown;
    if (copy == NULL || grown == NULL) {
        complain(notes->tool, "%s", text);
        free(copy);
        return;
    }
    notes->note[notes->count++] = (struct note){.text = copy, .once = once};
}

void batch_complain(struct batch_notes *notes, const char *name, const char *format, ...)
{
    char text[LINE_ROOM - 128]; /* the name and what parts them */
    char line[LINE_ROOM];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    (void)snprintf(line, sizeof(line), "%s: %s", name, text);
    add_note(notes, false, line);
}

void batch_warn(struct batch_notes *notes, const char *name, const char *text)
{
    char line[LINE_ROOM];

    (void)snprintf(line, sizeof(line), "%s: warning: %s", name, text);
    add_note(notes, true, line);
}

/* ---- And said ---- */

/* By what stands behind the name. */
static int compare_warnings(const void *a, const void *b)
{
    return strcmp(strstr(a, ": warning: "), strstr(b, ": warning: "));
}

/* Was this warning printed before? The tree has the line from now on. */
static bool was_said(struct run *run, const char *line)
{
    void *found = tsearch(line, &run->said, compare_warnings);

    return found != NULL && *(const char **)found != line;
}

static void clear_progress(struct run *run)
{
    if (run->shown)
        (void)fputs("\r\033[K", stderr);
    run->shown = false;
}

static void show_progress(struct run *run, size_t done)
{
    if (!run->batch->progress || done == run->batch->count ||
        (run->shown && run->shown_done == done))
        return;
    run->shown = true;
    run->shown_done = done;
    (void)fprintf(stderr, "\r\033[K%s: %s, %zu of %zu done", run->batch->tool, run->batch->doing,
                  done, run->batch->count);
}

static void say(struct run *run, struct batch_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        if (!notes->note[i].once || !was_said(run, notes->note[i].text))
            complain(run->batch->tool, "%s", notes->note[i].text);
}

/* ---- The threads ---- */

/* The next thing; count: there is none. */
static size_t begin(struct run *run)
{
    size_t number;

    (void)pthread_mutex_lock(&run->lock);
    number = run->stop ? run->batch->count : run->next;
    if (number < run->batch->count) {
        run->notes[number].begun = true;
        run->next++;
    } else {
        run->threads--;
        (void)pthread_cond_signal(&run->finished);
    }
    (void)pthread_mutex_unlock(&run->lock);
    return number;
}

static void *work(void *ctx)
{
    struct run *run = ctx;
    const struct batch *batch = run->batch;
    size_t number;

    while ((number = begin(run)) < batch->count) {
        const int status = batch->work(batch->ctx, number, &run->notes[number]);

        (void)pthread_mutex_lock(&run->lock);
        run->notes[number].status = status;
        run->notes[number].done = true;
        run->done++;
        if (status != EXIT_DONE && batch->fail_fast)
            run->stop = true;
        (void)pthread_cond_signal(&run->finished);
        (void)pthread_mutex_unlock(&run->lock);
    }
    return NULL;
}

bool batch_is_interrupted(void *notes)
{
    struct run *run = ((struct batch_notes *)notes)->run;
    bool interrupted;

    (void)pthread_mutex_lock(&run->lock);
    interrupted = run->interrupted;
    (void)pthread_mutex_unlock(&run->lock);
    return interrupted;
}

/* ---- Signals ---- */

/* Those that report what the process itself did wrong, and those for stopping, going on and news.
 */
static bool is_never_held(int number)
{
    static const int numbers[] = {SIGKILL, SIGABRT, SIGBUS,  SIGFPE,  SIGILL,  SIGSEGV,
                                  SIGSYS,  SIGTRAP, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
                                  SIGCONT, SIGCHLD, SIGURG,  SIGWINCH};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (number == numbers[i])
            return true;
    return false;
}

/* They are held while threads are at work. */
static void hold_signals(sigset_t *before)
{
    sigset_t held;

    (void)sigfillset(&held);
    for (int number = 1; number <= SIGRTMAX; number++)
        if (is_never_held(number))
            (void)sigdelset(&held, number);
    (void)pthread_sigmask(SIG_BLOCK, &held, before);
}

/* One that waits and is to end the process, and waits no longer; 0: there is none. */
static int take_signal(void)
{
    const struct timespec now = {0};
    struct sigaction action;
    sigset_t pending;
    sigset_t one;

    if (sigpending(&pending) != 0)
        return 0;
    for (int number = 1; number <= SIGRTMAX; number++) {
        if (sigismember(&pending, number) != 1 || is_never_held(number) ||
            sigaction(number, NULL, &action) != 0 || action.sa_handler != SIG_DFL)
            continue;
        (void)sigemptyset(&one);
        (void)sigaddset(&one, number);
        (void)sigtimedwait(&one, NULL, &now);
        return number;
    }
    return 0;
}

static void end_by_signal(const struct run *run)
{
    (void)pthread_sigmask(SIG_SETMASK, &run->before, NULL);
    if (run->signal != 0)
        (void)raise(run->signal);
}

/* The first one waits for what was begun; a second one does not: it may wait for ever. */
static void look_for_signal(struct run *run)
{
    const int number = take_signal();

    if (number == 0)
        return;
    if (run->signal != 0)
        end_by_signal(run);
    run->signal = number;
    run->stop = run->interrupted = true;
}

/* ---- All of it ---- */

/* Until one more is done, or for a moment. */
static void wait_for_one(struct run *run)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += POLL_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    (void)pthread_cond_timedwait(&run->finished, &run->lock, &until);
}

/* Tells what is done, in order, until no thread is at work. Holds the lock but while it tells. */
static void follow(struct run *run)
{
    size_t told = 0;

    (void)pthread_mutex_lock(&run->lock);
    for (;;) {
        if (told < run->batch->count && run->notes[told].done) {
            (void)pthread_mutex_unlock(&run->lock);
            clear_progress(run);
            say(run, &run->notes[told++]);
            (void)pthread_mutex_lock(&run->lock);
            continue;
        }
        if (run->threads == 0)
            break;
        look_for_signal(run);
        show_progress(run, run->done);
        wait_for_one(run);
    }
    (void)pthread_mutex_unlock(&run->lock);
    clear_progress(run);
    for (; told < run->batch->count; told++) /* behind one that was not begun */
        say(run, &run->notes[told]);
}

/* So many as there can be; at least this one has to work. */
static void start_threads(struct run *run, pthread_t *threads, unsigned *started)
{
    sigset_t all;
    sigset_t before;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    for (*started = 0; *started < run->batch->jobs && *started < run->batch->count; (*started)++) {
        (void)pthread_mutex_lock(&run->lock);
        run->threads++;
        (void)pthread_mutex_unlock(&run->lock);
        if (pthread_create(&threads[*started], NULL, work, run) != 0) {
            (void)pthread_mutex_lock(&run->lock);
            run->threads--;
            (void)pthread_mutex_unlock(&run->lock);
            break;
        }
    }
    if (*started == 0) {
        run->threads = 1;
        (void)work(run);
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static int worst_of(const struct run *run)
{
    const struct batch *batch = run->batch;
    int worst = EXIT_DONE;

    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_notes *notes = &run->notes[i];

        if (!notes->begun && batch->name != NULL)
            complain(batch->tool, "%s: not begun", batch->name(batch->ctx, i));
        if (!notes->begun)
            worst = EXIT_FAILED;
        else if (notes->status > worst)
            worst = notes->status;
    }
    return worst;
}

static void forget(struct run *run)
{
    for (size_t i = 0; i < run->batch->count; i++) {
        for (size_t k = 0; k < run->notes[i].count; k++)
            free(run->notes[i].note[k].text);
        free(run->notes[i].note);
    }
    free(run->notes);
}

static void keep(void *line)
{
    (void)line; /* the tree has no lines of its own */
}

int batch_run(const struct batch *batch)
{
    struct run run = {
        .batch = batch, .lock = PTHREAD_MUTEX_INITIALIZER, .finished = PTHREAD_COND_INITIALIZER};
    pthread_t *threads = calloc(batch->jobs, sizeof(*threads));
    unsigned started;
    int worst;

    run.notes = calloc(batch->count, sizeof(*run.notes));
    if (threads == NULL || run.notes == NULL) {
        free(threads);
        free(run.notes);
        return no_memory(batch->tool);
    }
    for (size_t i = 0; i < batch->count; i++)
        run.notes[i] = (struct batch_notes){.tool = batch->tool, .run = &run};
    hold_signals(&run.before);
    start_threads(&run, threads, &started);
    follow(&run);
    for (unsigned i = 0; i < started; i++)
        (void)pthread_join(threads[i], NULL);
    worst = worst_of(&run);
    tdestroy(run.said, keep);
    forget(&run);
    free(threads);
    end_by_signal(&run);
    return worst;
}
