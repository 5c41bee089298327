package scenario

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sortkey/sortkey/engine"
)

const (
	maxTitle      = 300 // characters
	maxAttributes = 64  // lines of a header, attributes of a fence
)

// reader takes a document apart, line by line.
type reader struct {
	src   string
	pos   int
	no    int    // lines taken so far
	spans []span // of each block's text in src
}

// line takes the next line without its newline; ok is false at the end of the text.
func (r *reader) line() (l span, ok bool) {
	if r.pos >= len(r.src) {
		return span{}, false
	}
	n := strings.IndexByte(r.src[r.pos:], '\n')
	if n < 0 {
		n = len(r.src) - r.pos
	}
	l = span{int32(r.pos), int32(r.pos + n)}
	r.pos += n + 1
	r.no++
	return l, true
}

func (r *reader) fail(kind ErrorKind, at span, words ...string) *Error {
	return errorAt(kind, r.src, int(at.from), int(at.to), words...)
}

// header reads the lines between the two --- at the top.
func (r *reader) header(d *Document) *Error {
	first, _ := r.line()
	if strings.TrimRight(first.of(r.src), " \t") != "---" {
		return r.fail(Header, first, "expected a scenario, which begins with the line ---")
	}
	var lines []span
	for {
		l, ok := r.line()
		if !ok {
			return r.fail(Header, first, "this header is never closed: expected a second line ---")
		}
		text := strings.TrimSpace(l.of(r.src))
		if text == "---" {
			break
		}
		if text == "" {
			continue
		}
		if len(lines) == maxAttributes {
			return r.fail(Header, l, "this header is too long: at most ", itoa(maxAttributes), " lines are read")
		}
		lines = append(lines, l)
	}
	return r.fields(d, first, lines)
}

// fields sets what the header lines say. The version comes first: a later one may mean anything by the rest.
func (r *reader) fields(d *Document, first span, lines []span) *Error {
	seen := Attributes{}
	for i, l := range lines {
		name, value, ok := r.field(l)
		switch {
		case i == 0 && name != "sortkey":
			return r.fail(Version, l, "expected sortkey: 1 as the first line of the header")
		case !ok:
			return r.fail(Header, l, "expected a name, a colon and a value")
		case seen.has(name):
			return r.fail(Header, l, name, " stands twice in the header")
		}
		if kind, problem := d.set(name, value); problem != "" {
			return r.fail(kind, l, problem)
		}
		seen = append(seen, Attribute{name, value})
	}
	if len(lines) == 0 {
		return r.fail(Version, first, "expected sortkey: 1 as the first line of the header")
	}
	return nil
}

func (a Attributes) has(name string) bool {
	for _, x := range a {
		if x.Name == name {
			return true
		}
	}
	return false
}

// field splits "name: value"; a value that begins with a quote is a JSON string.
func (r *reader) field(l span) (name, value string, ok bool) {
	name, value, ok = strings.Cut(l.of(r.src), ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if strings.HasPrefix(value, `"`) {
		if value, ok = unquoteAll(value); !ok {
			return name, "", false
		}
	}
	return name, value, ok && isAttributeName(name)
}

// unquoteAll reads a text that is one JSON string and nothing else.
func unquoteAll(raw string) (string, bool) {
	lex := lexer{src: raw, end: len(raw)}
	t := lex.next()
	if t.kind != tokString || t.fault != "" || t.end != len(raw) {
		return "", false
	}
	return unquote(raw), true
}

func isAttributeName(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !(c >= 'a' && c <= 'z') && (i == 0 || !isDigit(c) && c != '-') {
			return false
		}
	}
	return s != "" && len(s) <= 40
}

// headerNames are the lines a header may have.
func headerNames() string {
	names := "sortkey, title, seed, start, region, account, degree, "
	for _, x := range engine.SettingList() {
		names += x.Name + ", "
	}
	return names + "and names that begin with x-"
}

// set reads one header line; problem is "" when it is right.
func (d *Document) set(name, value string) (kind ErrorKind, problem string) {
	ok := true
	switch name {
	case "sortkey":
		return Version, versionProblem(value)
	case "title":
		d.Title, ok = value, value != "" && utf8.RuneCountInString(value) <= maxTitle && !hasControl(value)
		problem = "a title is one line of at most " + itoa(maxTitle) + " characters"
	case "seed":
		var err error
		d.Seed, err = strconv.ParseUint(value, 10, 64)
		ok, problem = err == nil, "a seed is a whole number from 0 to 18446744073709551615"
	case "start":
		d.Start, problem = parseTime(value)
		ok = problem == ""
	case "region":
		d.Region, ok = value, isRegion(value)
		problem = "a region is a name such as eu-west-1"
	case "account":
		d.Account, ok = value, len(value) == 12 && digits(value) == 12
		problem = "an account is a number of 12 digits"
	case "degree":
		var err error
		d.Degree, err = strconv.Atoi(value)
		ok, problem = err == nil && d.Degree >= 2 && d.Degree <= 1024, "a degree is a whole number from 2 to 1024"
	default:
		if x, found := engine.SettingNamed(name); found {
			_, problem = setTo(&d.Settings, x, value)
			return Header, problem
		}
		d.Extra = append(d.Extra, Attribute{name, value})
		ok, problem = strings.HasPrefix(name, "x-"), "no header line is called "+name+": there are "+headerNames()
	}
	if ok {
		problem = ""
	}
	return Header, problem
}

func versionProblem(value string) string {
	n, err := strconv.Atoi(value)
	switch {
	case err != nil || n < 1:
		return "expected sortkey: 1, the version of the format"
	case n != FormatVersion:
		return "this scenario is written for version " + itoa(n) + " of the format, here version 1 is read"
	}
	return ""
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7F || r == 0x85 || r == 0x2028 || r == 0x2029 })
}

// isRegion accepts the shape of a region's name, not a list of them: that is the engine's.
func isRegion(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !(c >= 'a' && c <= 'z') && !isDigit(c) && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 40
}

func (d *Document) writeHeader(w *strings.Builder) {
	line := func(name, value string) {
		if value != "" {
			w.WriteString(name + ": " + plainOrQuoted(value) + "\n")
		}
	}
	w.WriteString("---\nsortkey: " + itoa(FormatVersion) + "\n")
	line("title", d.Title)
	if d.Seed != 0 {
		line("seed", strconv.FormatUint(d.Seed, 10))
	}
	if !d.Start.IsZero() {
		line("start", formatTime(d.Start))
	}
	line("region", d.Region)
	line("account", d.Account)
	if d.Degree != 0 {
		line("degree", itoa(d.Degree))
	}
	for _, x := range engine.SettingList() {
		if !x.IsZero(d.Settings) {
			line(x.Name, settingText(x, x.Text(d.Settings)))
		}
	}
	for _, x := range d.Extra {
		w.WriteString(x.Name + ": " + plainOrQuoted(x.Value) + "\n")
	}
	w.WriteString("---\n")
}

// plainOrQuoted leaves a header value bare where YAML, too, would read it as that text.
func plainOrQuoted(value string) string {
	first, _ := utf8.DecodeRuneInString(value)
	bare := value != "" && (first >= 0x80 || isWordStart(byte(first)) && first != '$' || isDigit(byte(first))) &&
		strings.TrimSpace(value) == value && !hasControl(value) && !strings.Contains(value, ": ") &&
		!strings.Contains(value, " #") && !strings.HasSuffix(value, ":")
	if bare {
		return value
	}
	return quote(value)
}

// quote writes text as a JSON string that may also stand on a fence line: no control characters, no backticks.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7F || r == '`' || r == 0x85 || r == 0x2028 || r == 0x2029:
			const hex = "0123456789abcdef"
			b.WriteString(`\u`)
			for shift := 12; shift >= 0; shift -= 4 {
				b.WriteByte(hex[r>>shift&15])
			}
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// parseTime reads an RFC 3339 time in UTC.
func parseTime(s string) (t time.Time, problem string) {
	t, err := time.Parse(time.RFC3339Nano, s)
	switch {
	case err != nil:
		return t, "expected a time such as 2026-11-22T09:41:07Z"
	case !strings.HasSuffix(s, "Z"):
		return t, "expected a time in UTC, which ends in Z"
	case t.Year() < 2012 || t.Year() > 2200:
		return t, "expected a time in the years 2012 to 2200"
	}
	return t.UTC(), ""
}

func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
