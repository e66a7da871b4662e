; SPDX-License-Identifier: BSD-2-Clause
; The lemmas on bits of src/core/contracts.h on bit vectors, as C has its numbers. Each is denied, so
; that a solver finds nothing: unsat, each time. ((_ extract 31 0) is the conversion to uint32_t.)
(set-logic QF_BV)
(declare-const n (_ BitVec 64))

(push) ; wraps: UINT32_MAX < n <= 2 UINT32_MAX, (uint32_t)n = n - UINT32_MAX - 1
(assert (bvugt n #x00000000ffffffff))
(assert (bvule n #x00000001fffffffe))
(assert (not (= ((_ zero_extend 32) ((_ extract 31 0) n)) (bvsub n #x0000000100000000))))
(check-sat)
(pop)

(push) ; masks: 0 <= n <= UINT32_MAX, (n & 0xFFFFFFF8) = n / 8 * 8
(assert (bvule n #x00000000ffffffff))
(assert (not (= (bvand n #x00000000fffffff8) (bvmul (bvudiv n #x0000000000000008) #x0000000000000008))))
(check-sat)
(pop)

(push) ; shifts: 0 <= n <= UINT8_MAX, (n << 8) = 0x100 n
(assert (bvule n #x00000000000000ff))
(assert (not (= (bvshl n #x0000000000000008) (bvmul #x0000000000000100 n))))
(check-sat)
(pop)

(declare-const a (_ BitVec 64))
(declare-const b (_ BitVec 64))
(declare-const c (_ BitVec 64))
(declare-const d (_ BitVec 64))
(define-fun u8 ((n (_ BitVec 64))) Bool (bvule n #x00000000000000ff))
(define-fun u32 ((n (_ BitVec 64))) Bool (bvule n #x00000000ffffffff))

(push) ; two: 0 <= a, b <= UINT8_MAX, (uint16_t)(a | b << 8) = a + 0x100 b
(assert (and (u8 a) (u8 b)))
(assert (not (= ((_ zero_extend 48) ((_ extract 15 0) (bvor a (bvshl b #x0000000000000008))))
    (bvadd a (bvmul #x0000000000000100 b)))))
(check-sat)
(pop)

(push) ; four: the same of four bytes, each shifted and then made a uint32_t
(define-fun shifted ((n (_ BitVec 64)) (by (_ BitVec 64))) (_ BitVec 64)
    ((_ zero_extend 32) ((_ extract 31 0) (bvshl n by))))
(assert (and (u8 a) (u8 b) (u8 c) (u8 d)))
(assert (not (= (bvor a (shifted b #x0000000000000008) (shifted c #x0000000000000010)
        (shifted d #x0000000000000018))
    (bvadd a (bvmul #x0000000000000100 b) (bvmul #x0000000000010000 c)
        (bvmul #x0000000001000000 d)))))
(check-sat)
(pop)

(push) ; differ: 0 <= a, b <= UINT32_MAX, (uint32_t)(a ^ b) = 0 if and only if a = b
(assert (and (u32 a) (u32 b)))
(assert (not (= (= ((_ extract 31 0) (bvxor a b)) #x00000000) (= a b))))
(check-sat)
(pop)
