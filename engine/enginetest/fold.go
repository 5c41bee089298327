package enginetest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/engine"
)

// foldWidth is how long a line of a written reply may get, as far as there are
// members to break it between.
const foldWidth = 110

// shortestRun is how often a character is repeated at least for it to be
// written as $(x*n).
const shortestRun = 60

// fold writes a reply as dialogues have it, newline included.
func fold(r engine.Reply) string {
	text := string(r.Body)
	if short, ok := shortError(r.Body); ok && r.Status != 200 {
		return strconv.Itoa(r.Status) + " " + squeeze(short) + "\n"
	}
	return strconv.Itoa(r.Status) + " " + breakLines(squeeze(text)) + "\n"
}

// unfold is the status and the exact body that a written reply stands for.
func unfold(written string) string {
	lines := strings.Split(strings.TrimSuffix(written, "\n"), "\n")
	for i := range lines[1:] {
		lines[i+1] = strings.TrimLeft(lines[i+1], " ")
	}
	text := expand(strings.Join(lines, ""))
	status, body, ok := strings.Cut(text, " ")
	if ok && status != "200" && !strings.HasPrefix(body, "{") {
		body = longError(body)
	}
	return status + strings.Repeat(" ", min(1, len(body))) + body
}

// breakLines breaks JSON behind commas that are not in strings.
func breakLines(json string) string {
	var out strings.Builder
	column, from := 4, 0
	quoted := false
	flush := func(to int) {
		if column+to-from > foldWidth && from > 0 {
			out.WriteString("\n  ")
			column = 2
		}
		out.WriteString(json[from:to])
		column += to - from
		from = to
	}
	for i := 0; i < len(json); i++ {
		switch {
		case json[i] == '\\':
			i++
		case json[i] == '"':
			quoted = !quoted
		case json[i] == ',' && !quoted:
			flush(i + 1)
		}
	}
	flush(len(json))
	return out.String()
}

// squeeze writes long runs of one character as $(x*n).
func squeeze(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		n := 1
		for i+n < len(s) && s[i+n] == s[i] {
			n++
		}
		if n >= shortestRun {
			fmt.Fprintf(&out, "$(%c*%d)", s[i], n)
		} else {
			out.WriteString(s[i : i+n])
		}
		i += n
	}
	return out.String()
}

// expand replaces every $(x*n) by x repeated n times.
func expand(s string) string {
	for {
		at := strings.Index(s, "$(")
		if at < 0 {
			return s
		}
		length := strings.IndexByte(s[at:], ')')
		if length < 0 {
			return s
		}
		star := strings.LastIndexByte(s[at:at+length], '*')
		if star < 0 {
			return s
		}
		n, err := strconv.Atoi(s[at+star+1 : at+length])
		if err != nil {
			return s
		}
		s = s[:at] + strings.Repeat(s[at+2:at+star], n) + s[at+length+1:]
	}
}
