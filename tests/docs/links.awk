# links.awk - see links.sh. First all headings of all files, then the links.
FNR == 1 {
    fenced = 0
    known[FILENAME] = 1
}
/^[ \t]*```/ {
    fenced = !fenced
    next
}
fenced { next }
/^#+ / {
    title = tolower($0)
    sub(/^#+ /, "", title)
    gsub(/[^a-z0-9_ -]/, "", title)
    gsub(/ /, "-", title)
    if (FILENAME ~ /\/docs\/[^\/]*$/ && (FILENAME, $0) in heading) { # a merge may leave a part twice
        print substr(FILENAME, 3) ":" FNR ": a second heading '" $0 "'"
        failed = 1
    }
    heading[FILENAME, title] = heading[FILENAME, $0] = 1
}
{
    text = $0
    gsub(/`[^`]*`/, "code", text)
    while (match(text, /\]\([^) ]*\)/)) {
        ++count
        target[count] = substr(text, RSTART + 2, RLENGTH - 3)
        from[count] = FILENAME
        line[count] = FNR
        text = substr(text, RSTART + RLENGTH)
    }
}
END {
    for (i = 1; i <= count; ++i) {
        check(target[i], from[i], line[i])
    }
    if (count == 0) {
        print "no link was found: is the path right?"
        failed = 1
    }
    if (failed) {
        exit 1
    }
    print count " links"
}

function check(link, file, at,    path, anchor, hash)
{
    if (link ~ /^[a-z]+:/) {
        return
    }
    hash = index(link, "#")
    path = hash ? substr(link, 1, hash - 1) : link
    anchor = hash ? substr(link, hash + 1) : ""
    if (path == "") {
        path = file
    } else {
        path = joined(file, path)
        if (!exists(path)) {
            print substr(file, 3) ":" at ": " link " leads nowhere"
            failed = 1
            return
        }
    }
    if (anchor != "" && (path in known) && !((path, anchor) in heading)) {
        print substr(file, 3) ":" at ": " link ": no such heading"
        failed = 1
    }
}

# Resolve path against the directory of file.
function joined(file, path)
{
    sub(/[^\/]*$/, "", file)
    path = file path
    while (sub(/\/[^\/.]+\/\.\.\//, "/", path)) {
    }
    return path
}

function exists(path,    one)
{
    if (path in known) {
        return 1
    }
    return system("test -e '" path "'") == 0
}
