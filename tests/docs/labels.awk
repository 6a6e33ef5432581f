# labels.awk - see labels.sh.

FNR == 1 {
    end_statement()
    in_comment = 0
    in_edges = 0
    file = FILENAME
    base = file
    sub(/^.*\//, "", base)
    paths[base] = file
    fences = base == "fence.h" || base == "fence.c"
}

{
    split_line($0)
    if (comment != "") {
        read_edges(comment)
        read_labels(comment)
    } else if (code != "") {
        in_edges = 0
    }
    if (code ~ /[^ \t\\]/) {
        if (statement == "") {
            first = FNR
        }
        statement = statement " " code
        check_banned(code)
    }
    # A statement ends with its ; { or }, a preprocessor line with itself.
    if (statement != "" && (code ~ /[;{}][ \t]*\\?[ \t]*$/ || (code ~ /^[ \t]*#/ && code !~ /\\$/))) {
        end_statement()
    }
}

END {
    end_statement()
    check_partners()
    if (checked == 0 && whole) {
        print "no order was found: is the path right?"
        failed = 1
    }
    if (failed) {
        exit 1
    }
    print checked " orders, " label_count " labels, " edge_count + 0 " mentions in Edges lines"
}

function complain(line, text)
{
    print file ":" line ": " text
    failed = 1
}

# Split a line into code (strings emptied) and comment text.
function split_line(line,    i, c, two, n, in_string)
{
    code = comment = ""
    n = length(line)
    for (i = 1; i <= n; ++i) {
        c = substr(line, i, 1)
        two = substr(line, i, 2)
        if (in_comment) {
            if (two == "*/") {
                in_comment = 0
                comment = comment " "
                ++i
            } else {
                comment = comment c
            }
        } else if (in_string != "") {
            if (c == "\\") {
                ++i
            } else if (c == in_string) {
                in_string = ""
                code = code c
            }
        } else if (two == "/*") {
            in_comment = 1
            trailing = code ~ /[^ \t]/
            ++i
        } else if (two == "//") {
            comment = comment substr(line, i + 2)
            return
        } else {
            if (c == "\"" || c == "'") {
                in_string = c
            }
            code = code c
        }
    }
}

# An Edges line, and the indented lines that continue it.
function read_edges(text)
{
    sub(/^[ \t]*\*?/, "", text)
    if (text ~ /^[ \t]*Edges:/) {
        in_edges = 1
        sub(/^[ \t]*Edges:/, "", text)
    } else if (text ~ /^[ \t]*[A-Z][a-z]+:/ || text !~ /[^ \t]/ || text ~ /^ ?[^ \t]/) {
        in_edges = 0
    }
    if (!in_edges) {
        return
    }
    while (match(text, /[A-Za-z_]+\.[ch] +[ARF][0-9]+|[ARF][0-9]+/)) {
        if (RSTART == 1 || substr(text, RSTART - 1, 1) !~ /[A-Za-z0-9_]/) {
            ++edge_count
            edge_label[edge_count] = qualified(substr(text, RSTART, RLENGTH))
            edge_file[edge_count] = file
            edge_line[edge_count] = FNR
            if (edge_label[edge_count] !~ / /) {
                edge_label[edge_count] = base " " edge_label[edge_count]
            }
            claimed[edge_label[edge_count]] = 1
        }
        text = substr(text, RSTART + RLENGTH)
    }
}

function qualified(name)
{
    gsub(/ +/, " ", name)
    return name
}

# Labels stand in the comment of a line that has code: `A0 <- R0; R1 -> A1`.
function read_labels(text,    parts, count, i, part, name, partners, kind)
{
    if (code !~ /[^ \t\\]/ || in_edges) {
        return
    }
    count = split(text, parts, /;/)
    for (i = 1; i <= count; ++i) {
        part = parts[i]
        sub(/^[ \t]+/, "", part)
        if (part !~ /^[ARF][0-9]+([^A-Za-z0-9]|$)/) {
            continue
        }
        name = part
        sub(/[^A-Z0-9].*$/, "", name)
        part = substr(part, length(name) + 1)
        if (!match(part, /^ (<->|<-|->) /)) {
            complain(FNR, name ": a label reads `A0 <- R0`, `R0 -> A0` or `F0 <-> F1`")
            continue
        }
        kind = substr(part, 2, RLENGTH - 2)
        if ((name ~ /^A/ && kind != "<-") || (name ~ /^R/ && kind != "->")) {
            complain(FNR, name " " kind ": an acquire side is `A0 <-`, a release side `R0 ->`")
        }
        add_label(name, kind, substr(part, RLENGTH + 1))
    }
}

function add_label(name, kind, partners,    key, list, count, i, partner)
{
    key = base " " name
    if (key in label_line) {
        complain(FNR, name " is already the label of line " label_line[key])
        return
    }
    ++label_count
    label_key[label_count] = key
    label_line[key] = FNR
    label_file[key] = file
    if (kind != "->") {
        ++acquire_labels
    }
    if (kind != "<-") {
        ++release_labels
    }
    # What follows the names, after a space or a full stop, is free text.
    count = split(partners, list, /, */)
    for (i = 1; i <= count; ++i) {
        partner = list[i]
        if (match(partner, /^[a-z0-9_\/]+\.[ch] [ARF][0-9]+/) || match(partner, /^[ARF][0-9]+/) ||
            match(partner, /^caller/)) {
            partner_of[key, ++partner_count[key]] = substr(partner, 1, RLENGTH)
        } else if (i == 1) {
            complain(FNR, name " names no partner")
        }
    }
}

function check_banned(text)
{
    if (text ~ /memory_order_consume/) {
        complain(FNR, "memory_order_consume: nobody implements it")
    }
    if (text ~ /(^|[^A-Za-z0-9_])atomic_(load|store|exchange|compare_exchange_strong|compare_exchange_weak|fetch_[a-z]+|flag_[a-z_]+)[ \t]*\(/ &&
        text !~ /_explicit/) {
        complain(FNR, "an implied seq_cst: use the _explicit form")
    }
    if (text ~ /(^|[^A-Za-z0-9_])(__atomic_|__sync_)[a-z]/) {
        complain(FNR, "a compiler builtin where C11 has the operation")
    }
    if (text ~ /(^|[^A-Za-z0-9_])(__asm__|asm)[ \t(]/ && base != "cpu.h" && base != "fence.h") {
        complain(FNR, "inline assembly outside cpu.h and fence.h")
    }
}

# The statement is complete, with all comments on its lines: count what it orders.
function end_statement(    text, acquires, releases, call, order)
{
    text = statement
    acquires = releases = 0
    if (text != "" && !(fences && defines_fence(text))) {
        # Each operation reaches from its name to the next one's; a CAS has two orders, one label.
        while (match(text, /atomic_[a-z_]*_explicit[ \t]*\(|(cordon|atomic)_(thread_fence|fence_[a-z_]+|store_full)[ \t]*\(/)) {
            call = substr(text, RSTART, RLENGTH)
            text = substr(text, RSTART + RLENGTH)
            order = text
            if (match(order, /atomic_[a-z_]*_explicit|cordon_thread_fence|cordon_fence_|atomic_thread_fence|cordon_store_full/)) {
                order = substr(order, 1, RSTART - 1)
            }
            count_call(call, order)
            acquires += call_acquires
            releases += call_releases
        }
        if (acquires > acquire_labels) {
            complain(first, (acquires > 1 ? acquires " acquire sides, " acquire_labels " labelled" : "an acquire without a label") ": `/* A0 <- R0 */` on the line")
        }
        if (releases > release_labels) {
            complain(first, (releases > 1 ? releases " release sides, " release_labels " labelled" : "a release without a label") ": `/* R0 -> A0 */` on the line")
        }
    }
    statement = ""
    acquire_labels = release_labels = 0
}

function count_call(call, order)
{
    call_acquires = call_releases = 0
    if (call ~ /cordon_fence_(compiler|asymmetric_probe|nt_store)/) {
        return
    }
    if (call ~ /fence_(acquire|load_load|load_store)/) {
        call_acquires = 1
    } else if (call ~ /fence_(release|store_store)/) {
        call_releases = 1
    } else if (call ~ /fence_(acq_rel|full|store_load|light|heavy)|store_full/) {
        call_acquires = call_releases = 1
    } else {
        call_acquires = order ~ /memory_order_(acquire|acq_rel|seq_cst)/
        call_releases = order ~ /memory_order_(release|acq_rel|seq_cst)/
        if (call ~ /atomic_load/) {
            call_releases = 0
        } else if (call ~ /atomic_store/) {
            call_acquires = 0
        }
    }
    checked += call_acquires || call_releases
}

# In fence.h: is this the body of a fence helper? All its functions are; what is not a fence there
# uses relaxed accesses only.
function defines_fence(text)
{
    return text ~ /fence|store_full|TSAN|atomic_exchange_explicit/
}

function check_partners(    i, j, k, key, partner, mine, found, other_base)
{
    for (i = 1; i <= label_count; ++i) {
        key = label_key[i]
        file = label_file[key]
        mine = key
        sub(/^[^ ]* /, "", mine)
        if (file ~ /\.h$/ && !(key in claimed)) {
            complain(label_line[key], mine " is in no Edges line: whose contract is it?")
        }
        for (j = 1; j <= partner_count[key]; ++j) {
            partner = partner_of[key, j]
            if (partner == "caller") {
                continue
            }
            if (partner !~ / /) {
                other_base = key
                sub(/ .*$/, "", other_base)
                partner = other_base " " partner
            } else {
                sub(/^.*\//, "", partner)
            }
            if (!(partner in label_line)) {
                complain(label_line[key], mine " names " partner_of[key, j] ", which is no label")
                continue
            }
            if (mine ~ /^A/ && partner ~ / A[0-9]+$/ || mine ~ /^R/ && partner ~ / R[0-9]+$/) {
                complain(label_line[key], mine " names " partner_of[key, j] ", which is of the same side")
                continue
            }
            found = 0
            for (k = 1; k <= partner_count[partner]; ++k) {
                if (names_same(partner_of[partner, k], key, partner)) {
                    found = 1
                }
            }
            if (!found) {
                complain(label_line[key], mine " names " partner_of[key, j] " (line " label_line[partner] "), which does not name it back")
            }
        }
    }
    for (i = 1; i <= edge_count; ++i) {
        if (!(edge_label[i] in label_line)) {
            file = edge_file[i]
            mine = edge_label[i]
            sub(/^[^ ]* /, "", mine)
            complain(edge_line[i], "Edges names " mine ", which is no label here")
        }
    }
}

# Does `name`, as written at the label `where`, mean the label `key`?
function names_same(name, key, where)
{
    if (name !~ / /) {
        sub(/ .*$/, "", where)
        name = where " " name
    } else {
        sub(/^.*\//, "", name)
    }
    return name == key
}
