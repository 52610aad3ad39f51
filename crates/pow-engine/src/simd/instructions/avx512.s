// In registers, the state: words a to d of stream s are in registers 8 * s to 8 * s + 3, words e to h in the four
// that follow, before every fourth round. With each round they move down by one, the lowest of four to the top
// (see `place`). Registers 24 to 27 hold intermediate results, and 28 + s holds T1.
//
// In memory, the schedule: rows of 192 bytes, with 64 bytes for each stream.
//
// All loops have four rounds: after four, the registers are as before. Longer ones are slower: a processor that
// runs two threads keeps too little of them decoded.

.altmacro

// The first half of a round: T1 of h, a word, Ch(e, f, g) and Σ1(e).
.macro first_half_of e, f, g, h, t1, word
    vprord zmm24, zmm\e, 6
    vpaddd zmm\t1, zmm\h, \word
    vprord zmm25, zmm\e, 11
    vmovdqa64 zmm27, zmm\e
    vpternlogd zmm27, zmm\f, zmm\g, 0xca
    vprord zmm26, zmm\e, 25
    vpaddd zmm\t1, zmm\t1, zmm27
    vpternlogd zmm24, zmm25, zmm26, 0x96
    vpaddd zmm\t1, zmm\t1, zmm24
.endm

// The second half: the new e, of d and T1, in the place of h; the new a, of T1, Maj(a, b, c) and Σ0(a), in that of d.
.macro second_half_of a, b, c, d, h, t1
    vprord zmm24, zmm\a, 2
    vpaddd zmm\h, zmm\d, zmm\t1
    vprord zmm25, zmm\a, 13
    vmovdqa64 zmm27, zmm\a
    vpternlogd zmm27, zmm\b, zmm\c, 0xe8
    vprord zmm26, zmm\a, 22
    vpaddd zmm\d, zmm\t1, zmm27
    vpternlogd zmm24, zmm25, zmm26, 0x96
    vpaddd zmm\d, zmm\d, zmm24
.endm

.macro add_to register, operand
    vpaddd zmm\register, zmm\register, \operand
.endm

// The same for round i, modulo 4, of stream s.
.macro first_half i, s, word
    first_half_of %(8*\s+4+((0-\i)&3)), %(8*\s+4+((1-\i)&3)), %(8*\s+4+((2-\i)&3)), %(8*\s+4+((3-\i)&3)), %(28+\s), <\word>
.endm
.macro add_constant i, s
    add_to %(28+\s), <dword ptr [{k} + 4*\i]{{1to16}}>
.endm
.macro second_half i, s
    second_half_of %(8*\s+((0-\i)&3)), %(8*\s+((1-\i)&3)), %(8*\s+((2-\i)&3)), %(8*\s+((3-\i)&3)), %(8*\s+4+((3-\i)&3)), %(28+\s)
.endm
.macro second_halves i
    second_half \i, 0
    second_half \i, 1
    second_half \i, 2
.endm

// σ0 and σ1 of a word in memory.
.macro small_sigma to, word, rotate, rotate_more, shift
    vprord zmm\to, \word, \rotate
    vprord zmm26, \word, \rotate_more
    vpsrld zmm27, \word, \shift
    vpternlogd zmm\to, zmm26, zmm27, 0x96
.endm
.macro small_sigma0 to, word
    small_sigma \to, <\word>, 7, 18, 3
.endm
.macro small_sigma1 to, word
    small_sigma \to, <\word>, 17, 19, 10
.endm

// Makes the word sixteen after that of round i, from its terms and from words from 16 on; those before 16 count as zero.
.macro begin i, s
    small_sigma1 24, <[{words} + 192*(\i-2) + 64*\s]>
    vpaddd zmm24, zmm24, [{sums} + {terms} + 192*\i + 64*\s]
    vpaddd zmm24, zmm24, [{words} + 192*(\i-7) + 64*\s]
    vmovdqa64 [{words} + 192*\i + 64*\s], zmm24
.endm

// The same, from the sixteen words before.
.macro go_on i, s
    small_sigma0 24, <[{words} + 192*(\i+1) + 64*\s]>
    vpaddd zmm24, zmm24, [{words} + 192*\i + 64*\s]
    vpaddd zmm24, zmm24, [{words} + 192*(\i+9) + 64*\s]
    small_sigma1 25, <[{words} + 192*(\i+14) + 64*\s]>
    vpaddd zmm24, zmm24, zmm25
    vmovdqa64 [{words} + 192*(\i+16) + 64*\s], zmm24
.endm

.macro load register, offset
    vmovdqa64 zmm\register, [{state} + \offset]
.endm

// Loads the state before the first round to be done, and jumps to that round: number {entry} of a turn of four.
.irp n, 0, 1, 2, 3, 4, 5, 6, 7
    .irp s, 0, 1, 2
        load %(8*\s+\n), %(192*\n+64*\s)
    .endr
.endr
.irp i, 1, 2, 3
    cmp {entry:e}, \i
    je 2\i\()f
.endr

// Rounds up to 15, whose words hold the constants already, with words up to 31.
.p2align 6
.irp i, 0, 1, 2, 3
    2\i\():
    .irp s, 0, 1, 2
        first_half \i, \s, <[{sums} + 192*\i + 64*\s]>
        begin \i, \s
    .endr
    second_halves \i
.endr
add {sums}, 768
add {words}, 768
dec {turns:e}
jnz 20b

// Word 31 is also made of word 16.
sub {words}, 3072
.irp s, 0, 1, 2
    small_sigma0 24, <[{words} + 64*\s]>
    vpaddd zmm24, zmm24, [{words} + 192*15 + 64*\s]
    vmovdqa64 [{words} + 192*15 + 64*\s], zmm24
.endr

// Rounds 16 to 47, with words 32 to 63.
mov {turns:e}, 8
.p2align 6
3:
.irp i, 0, 1, 2, 3
    .irp s, 0, 1, 2
        first_half \i, \s, <[{words} + 192*\i + 64*\s]>
        add_constant \i, \s
        go_on \i, \s
    .endr
    second_halves \i
.endr
add {k}, 16
add {words}, 768
dec {turns:e}
jnz 3b

// Rounds 48 to 63.
mov {turns:e}, 4
.p2align 6
4:
.irp i, 0, 1, 2, 3
    .irp s, 0, 1, 2
        first_half \i, \s, <[{words} + 192*\i + 64*\s]>
        add_constant \i, \s
    .endr
    second_halves \i
.endr
add {k}, 16
add {words}, 768
dec {turns:e}
jnz 4b

// The state between the blocks, and its first word for the end.
.irp n, 0, 1, 2, 3, 4, 5, 6, 7
    .irp s, 0, 1, 2
        add_to %(8*\s+\n), <dword ptr [{initial} + 4*\n]{{1to16}}>
    .endr
.endr
vmovdqa64 [{first_words}], zmm0
vmovdqa64 [{first_words} + 64], zmm8
vmovdqa64 [{first_words} + 128], zmm16

// The rounds of the second block.
mov {turns:e}, 16
.p2align 6
5:
.irp i, 0, 1, 2, 3
    .irp s, 0, 1, 2
        first_half \i, \s, <dword ptr [{second} + 4*\i]{{1to16}}>
    .endr
    second_halves \i
.endr
add {second}, 16
dec {turns:e}
jnz 5b

// The first words of the hashes.
vpaddd zmm0, zmm0, [{first_words}]
vpaddd zmm8, zmm8, [{first_words} + 64]
vpaddd zmm16, zmm16, [{first_words} + 128]
vmovdqa64 [{first_words}], zmm0
vmovdqa64 [{first_words} + 64], zmm8
vmovdqa64 [{first_words} + 128], zmm16

.purgem first_half_of
.purgem second_half_of
.purgem add_to
.purgem first_half
.purgem add_constant
.purgem second_half
.purgem second_halves
.purgem small_sigma
.purgem small_sigma0
.purgem small_sigma1
.purgem begin
.purgem go_on
.purgem load
.noaltmacro
