# generate.awk - see docs/generate. Reads every header into memory, then writes the pages, so that a
# name in one page can link to its section in another.

# ---- reading -------------------------------------------------------------------------------------

FNR == 1 {
    finish_header()
    path = FILENAME
    if (path ~ /\.h$/) {
        header = path
        sub(/^include\/cordon\//, "", header)
        headers[++header_count] = header
        page_of[header] = page_name(header)
        block = declaring = in_body = in_comment = 0
    }
}

path !~ /\.h$/ { read_fact(); next }

# Inside a top-level comment.
in_comment {
    add_comment_line($0)
    next
}

# Inside a function's body or a macro's continuation: nothing of interest.
in_body {
    if (/^}/) {
        in_body = 0
    }
    next
}
in_macro {
    read_macro_line($0)
    next
}
declaring {
    read_declaration_line($0)
    next
}

/^\/\*/ {
    in_comment = 1
    block = ++block_count
    block_header[block] = header
    block_line[block] = FNR
    block_lines[block] = 0
    names_of[block] = ""
    kind_of[block] = "unnamed"
    adjacent = 1
    followed = 0
    add_comment_line($0)
    next
}

/^[ \t]*$/ {
    if (block && kind_of[block] == "unnamed" && adjacent && !followed) {
        kind_of[block] = "prose"
    }
    adjacent = 0
    next
}

# From here on: code at the left margin.
{ followed = 1 }

/^#[ \t]*if/ {
    in_group = block && adjacent && !declared_count[block] ? block : 0
    group_text = $0
    group_only = 1
    next
}
/^#[ \t]*endif/ {
    if (in_group) {
        group_text = group_text "\n" $0
        if (group_only && group_defines) {
            declaration_of[in_group, 1] = group_text
        }
        in_group = 0
    }
    group_defines = 0
    adjacent = 1
    next
}
/^#[ \t]*define[ \t]/ {
    macro = $0
    sub(/^#[ \t]*define[ \t]+/, "", macro)
    name = macro
    sub(/[^A-Za-z0-9_].*$/, "", name)
    macro_is_function = substr(macro, length(name) + 1, 1) == "("
    macro_text = $0
    if (in_group) {
        group_text = group_text "\n" $0
        group_defines++
        if (macro_is_function || $0 ~ /\\$/) {
            group_only = 0
        }
    }
    in_macro = $0 ~ /\\$/
    if (!in_macro) {
        end_macro()
    }
    next
}
/^#/ {
    if (in_group) {
        group_text = group_text "\n" $0
    }
    next
}
/^(CORDON_BEGIN_DECLS|CORDON_END_DECLS|using |CORDON_[A-Z_]+\([0-9]*\)$|_Static_assert|static_assert|CORDON_STATIC_ASSERT|extern "C|})/ { next }

{
    declaration = ""
    group_only = 0
    read_declaration_line($0)
}

# One line of a comment, without its frame. The comment ends where it says so.
function add_comment_line(line)
{
    sub(/^\/\*[ \t]?/, "", line)
    sub(/^ \*[ \t]?/, "", line)
    if (line ~ /\*\/[ \t]*$/) {
        sub(/[ \t]*\*\/[ \t]*$/, "", line)
        in_comment = 0
    }
    if (line == "/") {
        line = ""
        in_comment = 0
    }
    sub(/[ \t]+$/, "", line)
    if (line ~ /[^:] (Order|Not|Waits|Cost|Edges|Fairness|Preemption|Bytes): /) {
        complain(FILENAME ":" FNR ": an item of the contract starts in mid-line")
    }
    if (line != "" || in_comment) {
        block_text[block, ++block_lines[block]] = line
    }
    if (!in_comment) {
        end_comment()
    }
}

# What kind of comment was that? `a - text` and `a, b - text` name what they describe.
function end_comment(    i, head, dash, names, parts, count, name)
{
    while (block_lines[block] > 0 && block_text[block, block_lines[block]] == "") {
        block_lines[block]--
    }
    head = ""
    for (i = 1; i <= block_lines[block] && block_text[block, i] != ""; ++i) {
        head = head (i > 1 ? " " : "") block_text[block, i]
    }
    if (!(header in head_of)) {
        head_of[header] = block
        kind_of[block] = "head"
        return
    }
    block_of_header[header, ++blocks_in[header]] = block
    dash = index(head, " - ")
    if (!dash) {
        return
    }
    names = substr(head, 1, dash - 1)
    gsub(/\([^)]*\)/, "", names)
    gsub(/ (and|or) /, ", ", names)
    gsub(/ \/ /, ", ", names)
    count = split(names, parts, /, */)
    for (i = 1; i <= count; ++i) {
        name = parts[i]
        sub(/^(struct|enum|union|typedef) /, "", name)
        if (name !~ /^(cordon_|CORDON_|_)[A-Za-z0-9_]*$/) {
            return
        }
    }
    kind_of[block] = "named"
    name_count[block] = count
    for (i = 1; i <= count; ++i) {
        name = parts[i]
        sub(/^(struct|enum|union|typedef) /, "", name)
        names_of[block] = names_of[block] (i > 1 ? ", " : "") name
        named[block, name] = 1
        if (!(name in section_of)) {
            section_of[name] = header
            section_block[name] = block
        }
    }
    summary_of[block] = substr(head, dash + 3)
}

function read_macro_line(line)
{
    if (in_group) {
        group_text = group_text "\n" line
    }
    macro_text = macro_text "\n" line
    if (line !~ /\\$/) {
        in_macro = 0
        end_macro()
    }
}

# Functions declared through a macro, one per size: cordon_wait_u##size is shown as cordon_wait_uN.
function macro_declares(text,    parts, count, i, one, called)
{
    gsub(/\\\n/, " ", text)
    gsub(/##[a-z]+(##)?/, "N", text)
    gsub(/[ \t]+/, " ", text)
    gsub(/\( /, "(", text)
    sub(/^#define [^ ]* /, "", text)
    count = split(text, parts, /;/)
    for (i = 1; i <= count; ++i) {
        one = parts[i]
        sub(/^ +/, "", one)
        if (one ~ /^CORDON_API/ && match(one, /cordon_[a-z0-9_]+N?\(/)) {
            called = substr(one, RSTART, RLENGTH - 1)
            declare(called, substr(one, 12) ";", "function")
            need_block(called)
        }
    }
}

function end_macro()
{
    if (macro_text ~ /CORDON_API /) {
        macro_declares(macro_text)
    }
    if (name ~ /_$/ || name ~ /_H$/ || name !~ /^(cordon_|CORDON_)/) {
        return
    }
    if (macro_is_function && (macro_text ~ /\n/ || in_group)) {
        macro_text = "#define " substr(macro, 1, index(macro, ")"))
    }
    gsub(/[ \t]*\\\n[ \t]*/, " ", macro_text)
    if (length(macro_text) > 100) {
        macro_text = "#define " name
    }
    declare(name, macro_text, "macro")
}

# Gather a declaration up to its ; or {. An aggregate is kept whole, a function loses its body.
function read_declaration_line(line,    text, first)
{
    declaration = declaration (declaration == "" ? "" : "\n") line
    declaring = 1
    if (declaration ~ /^(CORDON_API )?(typedef )?(struct|enum|union)[^()]*\{/ || aggregate) {
        aggregate = 1
        if (line ~ /^}.*;[ \t]*$/ || (line ~ /};[ \t]*$/ && line == declaration)) {
            aggregate = declaring = 0
            text = declaration
            name = text
            gsub(/CORDON_ALIGNED\([A-Z_0-9]*\) */, "", name)
            sub(/^(CORDON_API )?(typedef )?(struct|enum|union)[ \t]*/, "", name)
            sub(/[^A-Za-z0-9_].*$/, "", name)
            if (name !~ /_$/ && name != "") {
                declare(name, text, "type")
            }
        }
        return
    }
    if (line !~ /[;{][ \t]*$/ && line !~ /;[ \t]*\/\*.*\*\/$/) {
        return
    }
    declaring = 0
    in_body = line ~ /\{[ \t]*$/
    text = declaration
    sub(/[ \t\n]*\{[ \t]*$/, ";", text)
    if (sub(/^CORDON_API /, "", text)) {
        gsub(/\n           /, "\n", text)
    }
    first = text
    gsub(/CORDON_(ATOMIC|ALIGNED)\([^)]*\)/, "", first)
    if (text ~ /^typedef /) {
        name = text
        sub(/;.*$/, "", name)
        sub(/^.*[ *]/, "", name)
        declare(name, text, "type")
    } else if (match(first, /[A-Za-z_][A-Za-z0-9_]*\(/)) {
        name = substr(first, RSTART, RLENGTH - 1)
        if (name ~ /^cordon_.*[^_]$/) {
            declare(name, text, "function")
            need_block(name)
        }
    }
}

function declare(name, text, kind,    n)
{
    # A constant outside any comment, or a name that has its section already (the #else of one).
    if (seen_name[header, name]++) {
        if (text != text_of[header, name]) {
            varies[header, name] = 1
        }
        return
    }
    text_of[header, name] = text
    if (!block || kind_of[block] == "head" || kind_of[block] == "prose" ||
        (kind_of[block] == "named" && !named[block, name] && kind != "function" && !adjacent) ||
        (kind != "function" && !adjacent && kind_of[block] == "unnamed")) {
        if (kind != "function") {
            also_name[header, ++also_count[header]] = name
            return
        }
    }
    n = ++declared_count[block]
    declared_name[block, n] = name
    declared_kind[block, n] = kind
    declaration_of[block, n] = text
    if (!(name in section_of)) {
        section_of[name] = header
        section_block[name] = block
    }
}

# Every public function stands in a section: its own, or that of a group it directly follows.
function need_block(name)
{
    if (block && kind_of[block] != "head") {
        if (named[block, name] || (kind_of[block] == "unnamed" && declared_kind[block, 1] == "function") ||
            (kind_of[block] == "named" && name_count[block] > 1)) {
            return
        }
        if (kind_of[block] == "prose" && comment_mentions(block, name)) {
            return
        }
    }
    complain(FILENAME ":" FNR ": " name " has no comment of the form `/* " name " - one line.`")
}

function comment_mentions(b, name,    i)
{
    for (i = 1; i <= block_lines[b]; ++i) {
        if (index(block_text[b, i], name)) {
            return 1
        }
    }
    return 0
}

function complain(text)
{
    print text > "/dev/stderr"
    failed = 1
}

function finish_header()
{
    if (path ~ /\.h$/ && (in_comment || declaring || in_body)) {
        complain(path ": could not be read to its end (an open comment, declaration or body)")
    }
    in_group = aggregate = in_macro = 0
}

# docs/primitives.txt: header | fairness | bytes | parks | deadlines | allocates
function read_fact(    f, n, i)
{
    if (/^#/ || /^[ \t]*$/) {
        return
    }
    n = split($0, f, /[ \t]*\|[ \t]*/)
    if (n != 6) {
        complain(FILENAME ":" FNR ": six fields wanted, " n " found")
        return
    }
    fact_line[f[1]] = FNR
    fact_order[++fact_count] = f[1]
    for (i = 2; i <= 6; ++i) {
        fact[f[1], i] = f[i]
    }
}

# ---- writing -------------------------------------------------------------------------------------

function page_name(header)
{
    gsub(/\//, "-", header)
    sub(/\.h$/, ".md", header)
    return header
}

END {
    finish_header()
    for (h = 1; h <= header_count; ++h) {
        if (headers[h] in head_of) {
            write_page(headers[h])
        } else {
            complain("include/cordon/" headers[h] ": no comment at its head")
        }
    }
    write_index()
    if (failed) {
        exit 1
    }
}

function head_line(header,    b, line, i)
{
    b = head_of[header]
    line = ""
    for (i = 1; i <= block_lines[b] && block_text[b, i] != ""; ++i) {
        line = line (i > 1 ? " " : "") block_text[b, i]
    }
    if (line !~ ("^cordon/" header " - ")) {
        complain("include/cordon/" header ":1: the head comment must start `/* cordon/" header " - one line.`")
    }
    sub(/^[^ ]* - /, "", line)
    return line
}

# The first sentence of a text.
function sentence(text,    i)
{
    i = match(text, /[.?] [A-Z0-9`*]|: [A-Z]/)
    if (!i) {
        return text
    }
    return substr(text, 1, i - 1) (substr(text, i, 1) == "?" ? "?" : ".")
}

function write_page(header,    i, b, n, kind, title, level, file, j)
{
    file = out "/" page_of[header]
    page = header
    print "<!-- Generated from include/cordon/" header " by docs/generate: edit the header. -->" > file
    print "# " header "\n" > file
    print capital(inline(head_line(header))) "\n" > file
    print "```c\n#include <cordon/" header ">\n```\n" > file
    b = head_of[header]
    i = 1
    while (i <= block_lines[b] && block_text[b, i] != "") {
        ++i
    }
    write_text(file, b, i + 1, block_lines[b], 1)
    n = blocks_in[header]
    write_contents(file, header, n)
    level = 0
    for (i = 1; i <= n; ++i) {
        b = block_of_header[header, i]
        kind = kind_of[b]
        if (kind == "prose") {
            if (write_prose(file, b)) {
                level = 1
            }
        } else if (is_shown(b)) {
            if (!level) {
                print "## Reference\n" > file
                level = 1
            }
            print "### " title_of(b) "\n" > file
            write_declarations(file, b)
            if (kind == "named") {
                block_text[b, 1] = first_line_of(b)
            }
            write_text(file, b, first_index(b), block_lines[b], 0)
        }
    }
    if (also_count[header]) {
        print "## Also defined\n\n```c" > file
        for (i = 1; i <= also_count[header]; ++i) {
            print shown(also_name[header, i], text_of[header, also_name[header, i]]) > file
        }
        print "```\n" > file
    }
    print "[All primitives](README.md)" > file
    close(file)
}

# A named block may spread its names over lines: its text starts where the dash stands.
function first_index(b,    i)
{
    if (kind_of[b] != "named") {
        return 1
    }
    for (i = 1; i <= block_lines[b]; ++i) {
        if (block_text[b, i] ~ / - / || dash_line[b] == i) {
            return i
        }
        if (block_text[b, i] ~ /-$/) {
            return i + 1
        }
    }
    return 1
}

function first_line_of(b,    i, line)
{
    i = first_index(b)
    line = block_text[b, i]
    dash_line[b] = i
    sub(/^.* - /, "", line)
    line = capital(line)
    block_text[b, i] = line
    return block_text[b, 1]
}

function capital(text)
{
    if (text ~ /^`|^[A-Za-z0-9]*_/) {
        return text # a name stays as it is
    }
    return toupper(substr(text, 1, 1)) substr(text, 2)
}

# Public, and not only a note to the reader of the code?
function is_shown(b)
{
    if (kind_of[b] == "named") {
        return names_of[b] !~ /^[A-Za-z0-9_]*_$/
    }
    return kind_of[b] == "unnamed" && declared_count[b] > 0
}

function title_of(b,    i, title)
{
    if (kind_of[b] == "named") {
        return names_of[b]
    }
    title = declared_name[b, 1]
    for (i = 2; i <= declared_count[b]; ++i) {
        title = title ", " declared_name[b, i]
    }
    return title
}

function write_declarations(file, b,    i)
{
    if (!declared_count[b]) {
        return
    }
    print "```c" > file
    for (i = 1; i <= declared_count[b]; ++i) {
        print shown(declared_name[b, i], declaration_of[b, i]) > file
    }
    print "```\n" > file
}

# A macro that is defined in more than one way is shown without its text.
function shown(name, text)
{
    if (((page, name) in varies) && text ~ /^#define/) {
        match(text, /^#define [A-Za-z0-9_]+(\([^)]*\))?/)
        return substr(text, 1, RLENGTH)
    }
    return text
}

# A comment on its own: its first sentence is a heading, if it is short enough for one.
function write_prose(file, b,    line, stop)
{
    line = block_text[b, 1]
    stop = match(line, /[.:]( |$)/)
    if (stop && stop <= 60) {
        print "## " inline(substr(line, 1, stop - 1)) "\n" > file
        line = substr(line, stop + 2)
        block_text[b, 1] = capital(line)
        write_text(file, b, line == "" ? 2 : 1, block_lines[b], 0)
        return 1
    }
    write_text(file, b, 1, block_lines[b], 0)
    return 0
}

# The names of the page, each with one line, when there are enough to want a list.
function write_contents(file, header, n,    i, b, count, text)
{
    count = 0
    for (i = 1; i <= n; ++i) {
        b = block_of_header[header, i]
        if (kind_of[b] == "named" && is_shown(b)) {
            ++count
        }
    }
    if (count < 2) {
        return
    }
    print "| name | |\n|---|---|" > file
    for (i = 1; i <= n; ++i) {
        b = block_of_header[header, i]
        if (kind_of[b] == "named" && is_shown(b)) {
            text = summary_of[b]
            sub(/ [A-Z][a-z]+: .*$/, "", text)
            text = inline(sentence(text))
            gsub(/\|/, "\\|", text)
            print "| [" code_names(names_of[b]) "](#" anchor(names_of[b]) ") | " text " |" > file
        }
    }
    print "" > file
}

function code_names(names)
{
    gsub(/, /, "`, `", names)
    return "`" names "`"
}

# As forges make them: lower case, spaces to dashes, punctuation dropped.
function anchor(title)
{
    title = tolower(title)
    gsub(/[^a-z0-9_ -]/, "", title)
    gsub(/ /, "-", title)
    return title
}

# Comment text as Markdown. A paragraph that starts indented is a drawing or code; `Word: text` is
# one item of the contract, up to the next such line; the rest is prose.
function write_text(file, b, from, to, leads,    i, line, mode, paragraph, indent)
{
    mode = "blank"
    paragraph = ""
    for (i = from; i <= to; ++i) {
        line = block_text[b, i]
        if (line == "") {
            if (mode == "code") {
                # A blank line inside a drawing, if more of it follows.
                if (i < to && block_text[b, i + 1] ~ /^  /) {
                    print "" > file
                    continue
                }
                print "```\n" > file
            } else {
                flush(file)
                if (mode == "item") {
                    mode = "after item"
                    continue
                }
                if (mode != "blank") {
                    print "" > file
                }
            }
            mode = "blank"
            continue
        }
        if (mode == "code") {
            if (line ~ /^  /) {
                print substr(line, indent + 1) > file
                continue
            }
            print "```\n" > file
            mode = "blank"
        }
        if (line ~ /^[A-Z][a-z-]+( [a-z]+)?:( |$)/) {
            flush(file)
            if (mode == "prose") {
                print "" > file
            }
            mode = "item"
            pending = line
            sub(/: */, ":** ", pending)
            pending = "- **" pending
            pending_prefix = "  "
            continue
        }
        if (line ~ /^ *- / || (mode == "list" && line ~ /^ /)) {
            if (line ~ /^ *- /) {
                flush(file)
                if (mode != "list" && mode != "blank") {
                    print "" > file
                }
                pending = line
                mode = "list"
            } else {
                pending = pending " " line
            }
            sub(/^ +/, "", pending)
            gsub(/   */, " ", pending)
            continue
        }
        if (line ~ /^  / && (mode == "blank" || mode == "after item" ||
            (mode == "prose" && (line ~ /^    / || block_text[b, i - 1] ~ /:$/)))) {
            flush(file)
            if (mode != "blank") {
                print "" > file
            }
            mode = "code"
            indent = block_indent(b, i, to)
            print "```text" > file
            print substr(line, indent + 1) > file
            continue
        }
        if (mode == "blank" || mode == "after item" || mode == "list") {
            flush(file)
            if (mode != "blank") {
                print "" > file
            }
            mode = "prose"
            pending = leads ? lead(line) : line
        } else {
            sub(/^ +/, "", line)
            pending = pending (pending == "" ? "" : " ") line
        }
    }
    if (mode == "code") {
        print "```" > file
    }
    flush(file)
    print "" > file
}

# The indentation that all lines of a drawing share.
function block_indent(b, i, to,    least, line)
{
    least = 1000
    for (; i <= to; ++i) {
        line = block_text[b, i]
        if (line == "") {
            continue
        }
        if (line !~ /^  /) {
            break
        }
        match(line, /^ */)
        if (RLENGTH < least) {
            least = RLENGTH
        }
    }
    return least
}

function flush(file)
{
    if (pending != "") {
        print inline(pending) > file
    }
    pending = ""
}

# `Problem. Text`, `Idea (whose). Text`: a bold lead.
function lead(line,    head)
{
    if (match(line, /^[A-Z][A-Za-z-]*( [a-z-]+)?( [a-z-]+)?( \([^)]*\))?[.?]( |$)/)) {
        head = substr(line, 1, RLENGTH)
        line = substr(line, RLENGTH + 1)
        sub(/ $/, "", head)
        return "**" head "**" (line == "" ? "" : " " line)
    }
    return line
}

# Inline text: what stands between backquotes is kept; elsewhere names become code, with a link to
# their section, and characters that Markdown would take for markup are escaped.
function inline(text,    parts, count, i, result)
{
    count = split(text, parts, /`/)
    result = ""
    for (i = 1; i <= count; ++i) {
        if (i % 2 == 0 && i < count) {
            result = result "`" parts[i] "`"
        } else {
            result = result (i % 2 == 0 ? "`" : "") names_in(parts[i])
        }
    }
    return result
}

function names_in(text,    result, token, after, call)
{
    result = ""
    while (match(text, /(cordon_|CORDON_|memory_order_|atomic_|__)[A-Za-z0-9_]+|(cordon\/)?[a-z]+(\/[a-z0-9_]+)?\.h|([a-z_]+\.[ch] )?[ARF][0-9]+(, ([a-z_]+\.[ch] )?[ARF][0-9]+)* (<-|->|<->) ([a-z_]+\.[ch] )?[ARF][0-9]+(, ([a-z_]+\.[ch] )?[ARF][0-9]+)*/)) {
        token = substr(text, RSTART, RLENGTH)
        after = substr(text, RSTART + RLENGTH)
        if (RSTART > 1 && substr(text, RSTART - 1, 1) ~ /[A-Za-z0-9_<\/]/) {
            result = result escape(substr(text, 1, RSTART - 1)) escape(token)
        } else {
            result = result escape(substr(text, 1, RSTART - 1))
            # A call is one piece of code with its arguments.
            if (match(after, /^\([A-Za-z0-9_, &>*-]*\)/) && token !~ /\.h$|-/) {
                call = substr(after, 1, RLENGTH)
                after = substr(after, RLENGTH + 1)
            } else {
                call = ""
            }
            result = result token_as(token, call)
        }
        text = after
    }
    return result escape(text)
}

function token_as(token, call,    header, section)
{
    if (token ~ /\.h$/) {
        header = token
        sub(/^cordon\//, "", header)
        if (!(header in page_of) && page ~ /\//) { # a neighbour, named without its folder
            header = substr(page, 1, index(page, "/")) header
        }
        if ((header in page_of) && header != page) {
            return "[`" token "`](" page_of[header] ")"
        }
        return "`" token "`"
    }
    section = token
    if (!(section in section_of)) {
        sub(/_u(8|16|32|64)$/, "_uN", section)
    }
    if ((section in section_of) && section_of[section] != page) {
        return "[`" token call "`](" page_of[section_of[section]] anchor_of(section) ")"
    }
    return "`" token call "`"
}

# Where in its page a name is described.
function anchor_of(name,    b)
{
    b = section_block[name]
    return is_shown(b) ? "#" anchor(title_of(b)) : ""
}

function escape(text,    bold, tail)
{
    # The bold lead and item names that this program itself has put in front stay.
    if (match(text, /^(- )?\*\*[A-Z][^*]*[.:?]\*\*/)) {
        bold = substr(text, 1, RLENGTH)
        return bold escape_all(substr(text, RLENGTH + 1))
    }
    return escape_all(text)
}

function escape_all(text)
{
    gsub(/\*/, "\\*", text)
    gsub(/</, "\\<", text)
    gsub(/ _/, " \\_", text)
    gsub(/\(_/, "(\\_", text)
    return text
}

function write_index(    file, i, header)
{
    file = out "/README.md"
    page = ""
    print "<!-- Generated from the headers and docs/primitives.txt by docs/generate. -->" > file
    print "# Primitives\n" > file
    print "One header, one page. The pages are generated from the headers, so they say what the code says.\n" > file
    print "*Bytes*: of the object, and of what each waiting thread adds, on a 64-bit machine with 128-byte" > file
    print "padding (x86-64, AArch64). *Parks*: a long wait sleeps in the kernel. *Deadlines*: has calls that" > file
    print "give up at a time. *Allocates*: never behind the caller's back; \"on request\" names the call.\n" > file
    print "| header | purpose | fairness | bytes | parks | deadlines | allocates |" > file
    print "|---|---|---|---|---|---|---|" > file
    for (i = 1; i <= fact_count; ++i) {
        header = fact_order[i]
        if (!(header in page_of)) {
            complain("docs/primitives.txt:" fact_line[header] ": " header " is no header")
            continue
        }
        print "| [`" header "`](" page_of[header] ") | " inline(capital(head_line(header))) " | " \
            inline(fact[header, 2]) " | " inline(fact[header, 3]) " | " inline(fact[header, 4]) " | " \
            inline(fact[header, 5]) " | " inline(fact[header, 6]) " |" > file
    }
    for (i = 1; i <= header_count; ++i) {
        if (!(headers[i] in fact_line)) {
            complain("docs/primitives.txt: no line for " headers[i])
        }
    }
    close(file)
}
