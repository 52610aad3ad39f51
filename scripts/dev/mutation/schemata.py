"""Writes all mutants of a file into its text, each behind a condition that is true only if the mutant is on.

`a == b` becomes `(if ::mutant::on(18) {(a != b)} else {(a == b)})`. A mutant's branch has no mutants in it: only one is on at a
time, and the text would double with each operator. No line is added, so the lines in messages and panics stay true.
"""
import dataclasses

import tree_sitter
import tree_sitter_rust

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))
CONSTANT = {"const_item", "static_item", "enum_variant", "array_type", "const_block"}
BINARY = {"binary_expression", "compound_assignment_expr"}


@dataclasses.dataclass
class Range:
    """A part of the new text, in bytes, and the mutants to blame if it does not compile."""

    start: int
    end: int
    mutants: tuple


class Schemata:
    """A file with its mutants. `text` is the new text; `refused` has the mutants that it cannot express, with reasons."""

    def __init__(self, source, mutants):
        self.source, self.lines = source, source.split(b"\n")
        self.at, self.refused, self.ranges = {}, {}, []
        root = PARSER.parse(source).root_node
        for mutant in mutants:
            node = self.find(root, mutant)
            if node is None:
                chained = mutant.replacement == "||"
                self.refused[mutant.number] = ("does not compile", "`||` beside `let`") if chained else ("not found", "")
            elif mutant.genre != "FnValue" and inside(node, CONSTANT):
                self.refused[mutant.number] = ("constant", "")
            elif mutant.genre == "FnValue" and b"impl " in self.result(node):
                self.refused[mutant.number] = ("does not fit", "returns an `impl`")
            else:
                self.at.setdefault(node.id, []).append(mutant)
        self.out = bytearray()
        self.copy(root)
        self.text = bytes(self.out)

    def point(self, place):
        """Converts columns: cargo-mutants counts characters, tree-sitter bytes."""
        line, column = place
        return line, len(self.lines[line].decode()[:column].encode())

    def find(self, root, mutant):
        start, end = self.point(mutant.start), self.point(mutant.end)
        node = root.descendant_for_point_range(start, end)
        while node is not None and not self.fits(node, mutant, start):
            node = node.parent
        return node

    def fits(self, node, mutant, start):
        genre = mutant.genre
        if genre == "FnValue":
            return node.type == "function_item" and node.child_by_field_name("body").start_point <= start
        if genre == "BinaryOperator":
            return node.type in BINARY and tuple(node.child_by_field_name("operator").start_point) == start
        if genre == "UnaryOperator":
            return node.type == "unary_expression" and tuple(node.start_point) == start
        if genre == "MatchArm":
            return node.type == "match_arm"
        if genre == "MatchArmGuard":
            return node.type == "match_arm" and guard(node) is not None
        return genre == "StructField" and node.type == "struct_expression"

    def result(self, function):
        result = function.child_by_field_name("return_type")
        return b"" if result is None else self.raw(result)

    def raw(self, node):
        return self.source[node.start_byte:node.end_byte]

    def copy(self, node):
        """Writes a node with its mutants."""
        mutants = self.at.get(node.id, [])
        start = len(self.out)
        if node.type == "match_expression":
            self.children(node, {node.child_by_field_name("value").id: lambda value: self.matched(node, value)})
        elif not mutants:
            self.children(node)
        elif node.type == "function_item":
            self.function(node, mutants)
        elif node.type == "match_arm":
            self.arm(node, mutants)
        else:
            self.choice([(mutant, b"(" + self.changed(node, mutant) + b")") for mutant in mutants], lambda: self.children(node))
        if mutants:
            self.ranges.append(Range(start, len(self.out), tuple(m.number for m in mutants)))

    def children(self, node, special=None):
        """Writes a node's parts, and copies the text between them."""
        at = node.start_byte
        for child in node.children:
            self.out += self.source[at:child.start_byte]
            (special or {}).get(child.id, self.copy)(child)
            at = child.end_byte
        self.out += self.source[at:node.end_byte]

    def branch(self, mutant, text):
        start = len(self.out)
        self.out += b"if ::mutant::on(%d) {" % mutant.number + text + b"}"
        self.ranges.append(Range(start, len(self.out), (mutant.number,)))

    def choice(self, branches, write):
        """Writes the branches of mutants. The last branch is what `write` writes."""
        self.out += b"("
        for mutant, text in branches:
            self.branch(mutant, text)
            self.out += b" else "
        self.out += b"{("
        write()
        self.out += b")})"

    def changed(self, node, mutant):
        if node.type == "unary_expression":
            return self.raw(node.children[-1])
        if node.type == "struct_expression":
            return self.without_field(node, mutant)
        operator = node.child_by_field_name("operator")
        return self.source[node.start_byte:operator.start_byte] + mutant.replacement.encode() \
            + self.source[operator.end_byte:node.end_byte]

    def without_field(self, node, mutant):
        start = self.point(mutant.start)
        body = node.child_by_field_name("body")
        field = next(child for child in body.children if tuple(child.start_point) == start)
        comma = field.next_sibling
        end = comma.end_byte if comma.type == "," else field.end_byte
        return self.source[node.start_byte:field.start_byte] + self.source[end:node.end_byte]

    def function(self, node, mutants):
        body = node.child_by_field_name("body")
        self.children(node, {body.id: lambda body: self.body(body, mutants)})

    def body(self, body, mutants):
        """Writes a function's body, with the mutants' returns before the first statement and after inner attributes (`#![…]`)."""
        first = [child for child in body.children if child.type == "inner_attribute_item"]
        self.children(body, {(first or body.children)[-1 if first else 0].id: lambda opening: self.returns(opening, mutants)})

    def returns(self, opening, mutants):
        self.out += self.raw(opening)
        for mutant in mutants:
            value = mutant.replacement.encode()
            self.out += b" "
            self.branch(mutant, b"return;" if value == b"()" else b"return " + value + b";")

    def arm(self, node, mutants):
        pattern = node.child_by_field_name("pattern")
        if guard(node) is None:
            def special(child):
                self.copy(child)
                self.out += b" if "
                self.deleted(mutants)
                self.out += b"true"
            self.children(node, {pattern.id: special})
        else:
            def condition(child):
                self.deleted([m for m in mutants if m.genre == "MatchArm"])
                branches = [(m, m.replacement.encode()) for m in mutants if m.genre == "MatchArmGuard"]
                if not branches:
                    self.out += b"("
                    self.copy(child)
                    self.out += b")"
                else:
                    self.choice(branches, lambda: self.copy(child))
            self.children(node, {pattern.id: lambda child: self.children(child, {guard(node).id: condition})})

    def matched(self, node, value):
        """Writes the value of a match, where the compiler reports a missing arm. Blames the last deleted arm first."""
        start = len(self.out)
        self.copy(value)
        arms = (self.at.get(arm.id, []) for arm in node.child_by_field_name("body").children)
        deleted = [mutant.number for mutants in arms for mutant in mutants if mutant.genre == "MatchArm"]
        if deleted:
            self.ranges.append(Range(start, len(self.out), (deleted[-1],)))

    def deleted(self, mutants):
        for mutant in mutants:
            start = len(self.out)
            self.out += b"!::mutant::on(%d) && " % mutant.number
            self.ranges.append(Range(start, len(self.out), (mutant.number,)))


def guard(arm):
    return arm.child_by_field_name("pattern").child_by_field_name("condition")


def inside(node, kinds):
    while node is not None:
        if node.type in kinds:
            return True
        if node.type == "function_item":
            return False
        node = node.parent
    return False
