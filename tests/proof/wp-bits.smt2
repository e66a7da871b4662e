; SPDX-License-Identifier: BSD-2-Clause
; The three lemmas of src/core/contracts.h on bit vectors, as C has its numbers. Each is denied, so
; that a solver finds nothing: unsat, three times. ((_ extract 31 0) is the conversion to uint32_t.)
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
