// In registers, the state: word n of stream s is in register 8 * s + n before every eighth round, and one
// register lower after each round. Registers 24 to 27 are for what is worked out, and 28 to 30 keep three
// words to the end.
//
// In memory, the schedule: rows of 192 bytes, with 64 bytes for each stream.

.altmacro

// The first half of a round: adds a word, Ch(e, f, g) and Σ1(e) to h.
.macro add_t1 e, f, g, h, word
    vprord zmm24, zmm\e, 6
    vpaddd zmm\h, zmm\h, \word
    vprord zmm25, zmm\e, 11
    vmovdqa64 zmm27, zmm\e
    vpternlogd zmm27, zmm\f, zmm\g, 0xca
    vprord zmm26, zmm\e, 25
    vpaddd zmm\h, zmm\h, zmm27
    vpternlogd zmm24, zmm25, zmm26, 0x96
    vpaddd zmm\h, zmm\h, zmm24
.endm

// The second half: adds h to d; then Maj(a, b, c) and Σ0(a) to h.
.macro add_t2 a, b, c, d, h
    vprord zmm24, zmm\a, 2
    vpaddd zmm\d, zmm\d, zmm\h
    vprord zmm25, zmm\a, 13
    vmovdqa64 zmm27, zmm\a
    vpternlogd zmm27, zmm\b, zmm\c, 0xe8
    vprord zmm26, zmm\a, 22
    vpaddd zmm\h, zmm\h, zmm27
    vpternlogd zmm24, zmm25, zmm26, 0x96
    vpaddd zmm\h, zmm\h, zmm24
.endm

.macro add_to word, operand
    vpaddd zmm\word, zmm\word, \operand
.endm

// The same for round i, modulo 8, of stream s.
.macro first_half i, s, word
    add_t1 %(8*\s+((4-\i)&7)), %(8*\s+((5-\i)&7)), %(8*\s+((6-\i)&7)), %(8*\s+((7-\i)&7)), <\word>
.endm
.macro second_half i, s
    add_t2 %(8*\s+((0-\i)&7)), %(8*\s+((1-\i)&7)), %(8*\s+((2-\i)&7)), %(8*\s+((3-\i)&7)), %(8*\s+((7-\i)&7))
.endm
.macro add_constant i, s
    add_to %(8*\s+((7-\i)&7)), <dword ptr [{k} + 4*\i]{{1to16}}>
.endm
.macro second_halves i
    second_half \i, 0
    second_half \i, 1
    second_half \i, 2
.endm

// σ0 and σ1 of a word.
.macro small_sigma to, word, rotate, rotate_more, shift
    vmovdqa64 zmm27, \word
    vprord zmm\to, zmm27, \rotate
    vprord zmm26, zmm27, \rotate_more
    vpsrld zmm27, zmm27, \shift
    vpternlogd zmm\to, zmm26, zmm27, 0x96
.endm
.macro small_sigma0 to, word
    small_sigma \to, <\word>, 7, 18, 3
.endm
.macro small_sigma1 to, word
    small_sigma \to, <\word>, 17, 19, 10
.endm

// Makes word 16 + i of its terms and of words from 16 on.
.macro begin i, s
    .if \i < 2
        vmovdqa64 zmm24, [{work} + {terms} + 192*\i + 64*\s]
    .else
        small_sigma1 24, <[{words} + 192*(\i-2) + 64*\s]>
        vpaddd zmm24, zmm24, [{work} + {terms} + 192*\i + 64*\s]
    .endif
    .if \i >= 7
        vpaddd zmm24, zmm24, [{words} + 192*(\i-7) + 64*\s]
    .endif
    .if \i == 15
        small_sigma0 25, <[{words} + 64*\s]>
        vpaddd zmm24, zmm24, zmm25
    .endif
    vmovdqa64 [{words} + 192*\i + 64*\s], zmm24
.endm

// Makes the word that comes sixteen after word i.
.macro go_on i, s
    small_sigma0 24, <[{words} + 192*(\i+1) + 64*\s]>
    vpaddd zmm24, zmm24, [{words} + 192*\i + 64*\s]
    vpaddd zmm24, zmm24, [{words} + 192*(\i+9) + 64*\s]
    small_sigma1 25, <[{words} + 192*(\i+14) + 64*\s]>
    vpaddd zmm24, zmm24, zmm25
    vmovdqa64 [{words} + 192*(\i+16) + 64*\s], zmm24
.endm

.macro load register, offset
    vmovdqa64 zmm\register, [{work} + {state} + \offset]
.endm

// The state before round {from}, and on to that round.
.irp n, 0, 1, 2, 3, 4, 5, 6, 7
    .irp s, 0, 1, 2
        load %(8*\s+\n), %(192*\n+64*\s)
    .endr
.endr
.irp i, 1, 2, 3, 4, 5, 6, 7, 8
    cmp {from:e}, \i
    je 2\i\()f
.endr

// Rounds up to 15, whose words hold the constants already, with words up to 31.
.irp i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    .if \i <= 8
        2\i\():
    .endif
    .irp s, 0, 1, 2
        first_half \i, \s, <[{work} + {sums} + 192*\i + 64*\s]>
        begin \i, \s
    .endr
    second_halves \i
.endr

// Rounds 16 to 47, eight at a time, with words 32 to 63.
mov {count:e}, 4
.p2align 5
3:
.irp i, 0, 1, 2, 3, 4, 5, 6, 7
    .irp s, 0, 1, 2
        add_constant \i, \s
        first_half \i, \s, <[{words} + 192*\i + 64*\s]>
        go_on \i, \s
    .endr
    second_halves \i
.endr
add {k}, 32
add {words}, 1536
dec {count:e}
jnz 3b

// Rounds 48 to 63.
mov {count:e}, 2
.p2align 5
4:
.irp i, 0, 1, 2, 3, 4, 5, 6, 7
    .irp s, 0, 1, 2
        add_constant \i, \s
        first_half \i, \s, <[{words} + 192*\i + 64*\s]>
    .endr
    second_halves \i
.endr
add {k}, 32
add {words}, 1536
dec {count:e}
jnz 4b

// The state between the blocks, and its first word for later.
.irp n, 0, 1, 2, 3, 4, 5, 6, 7
    .irp s, 0, 1, 2
        add_to %(8*\s+\n), <dword ptr [{initial} + 4*\n]{{1to16}}>
    .endr
.endr
vmovdqa64 zmm28, zmm0
vmovdqa64 zmm29, zmm8
vmovdqa64 zmm30, zmm16

// The rounds of the second block.
mov {count:e}, 8
.p2align 5
5:
.irp i, 0, 1, 2, 3, 4, 5, 6, 7
    .irp s, 0, 1, 2
        first_half \i, \s, <dword ptr [{second} + 4*\i]{{1to16}}>
    .endr
    second_halves \i
.endr
add {second}, 32
dec {count:e}
jnz 5b

// The first words of the hashes.
vpaddd zmm0, zmm0, zmm28
vpaddd zmm8, zmm8, zmm29
vpaddd zmm16, zmm16, zmm30
vmovdqa64 [{first_words}], zmm0
vmovdqa64 [{first_words} + 64], zmm8
vmovdqa64 [{first_words} + 128], zmm16

.purgem add_t1
.purgem add_t2
.purgem add_to
.purgem first_half
.purgem second_half
.purgem add_constant
.purgem second_halves
.purgem small_sigma
.purgem small_sigma0
.purgem small_sigma1
.purgem begin
.purgem go_on
.purgem load
.noaltmacro
