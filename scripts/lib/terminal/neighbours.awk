# Prints what a resolve says of its first 20 neighbours, a line each, from the node's answer, which is one line. Characters
# that are not ASCII stay as JSON's escapes, which any terminal shows.
{
    replaced = "{\"message\": \"Our chain was replaced\", \"neighbours\": ["
    authoritative = "], \"message\": \"Our chain is authoritative\", \"neighbours\": ["
    if (index($0, replaced) == 1) {
        list = substr($0, length(replaced) + 1)
        list = substr(list, 1, index(list, "], \"new_chain\": [") - 1)
    } else {
        # A chain may hold any text, this one too, so only the last one is the answer's own.
        list = $0
        found = 0
        while (at = index(list, authoritative)) {
            list = substr(list, at + length(authoritative))
            found = 1
        }
        if (!found) exit # a node that does not list them, such as a Python node
        list = substr(list, 1, length(list) - 2)
    }
    count = 0
    while (match(list, /\{"address": "[^"]*", "outcome": "[^"]*", "reason": "([^"\\]|\\.)*"\}/)) {
        one = substr(list, RSTART + 13, RLENGTH - 15)
        list = substr(list, RSTART + RLENGTH)
        sub(/", "outcome": "/, ": ", one)
        sub(/", "reason": "/, ": ", one)
        gsub(/\\"/, "\"", one)
        if (++count <= 20) print one
    }
    if (count > 20) print "and " count - 20 " more, which the answer lists"
    if (count == 0) print "the node has no neighbours; register some, as in: register http://localhost:5001"
    exit
}
