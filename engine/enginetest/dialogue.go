package enginetest

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// A dialogue is a text file: requests to one engine and its replies.
//
//	# A comment.
//	PutItem {"TableName": "T",
//	  "Item": {"pk": {"S": "a"}}}
//	----
//	200 {}
//
// A step is an operation with its body, over as many lines as it likes; then,
// behind a line of four dashes, the status and the reply; then a blank line. A
// step without a reply is preparation: it has to succeed and what it says is
// not looked at. Some commands do not go to the engine: "advance 5s" moves
// the clock, "set read-delay 5s" changes a setting, "split T 0" splits the
// first partition of a table, "region eu-west-1" sets where requests and splits
// go from there on, "caller alice" who makes them; "link", "kill", "revive",
// "lose" and "restore" are lines as in a scenario. "hold x TransactWriteItems
// {…}" lets a transaction stay open, which "commit x" or "cancel x" ends: these
// have replies. A first line "options transition=5s degree=3 envelope=true"
// sets the engine's options.
//
// In bodies and replies $(x*40) stands for x forty times, and in bodies
// $(ShardIterator) for the last value of that member in the replies so far:
// NextShardIterator counts as such, and SequenceNumber and ShardId go the same
// way. A reply may be
// broken over several lines between its members: line ends and the white
// space that begins a line are not part of it. An error that has nothing but
// its name and message is written as "400 Name: message".
//
// A comment that begins with "#:" names the rules that the next step is a case
// of: "#: set.empty.string oversize.put". See testdata/RULES.
//
// Besides the replies, a run of a dialogue checks that refused requests and
// reads leave the engine as it was, unless tables are throttled or scaled: then
// they count.
type Dialogue struct {
	Options engine.Options
	blocks  []*block
}

// block is one step with the comments before it.
type block struct {
	line     int
	comments string
	request  string // as written
	reply    string // as written, "" for preparation
}

// ParseDialogue reads a dialogue.
func ParseDialogue(text string) (*Dialogue, error) {
	d := &Dialogue{}
	b := &block{}
	in := 0 // 0 between steps, 1 in a request, 2 in a reply
	for i, line := range strings.Split(text, "\n") {
		switch {
		case in == 0 && (line == "" || strings.HasPrefix(line, "#")):
			b.comments += line + "\n"
		case in == 0:
			in, b.line, b.request = 1, i+1, line
		case line == "":
			d.blocks, b, in = append(d.blocks, b), &block{}, 0
		case line == "----" && in == 1:
			in = 2
		case in == 1:
			b.request += "\n" + line
		default:
			b.reply += line + "\n"
		}
	}
	if in != 0 {
		return nil, fmt.Errorf("line %d: the last step wants a blank line after it", b.line)
	}
	return d, d.readOptions()
}

func (d *Dialogue) readOptions() error {
	if len(d.blocks) == 0 || !strings.HasPrefix(d.blocks[0].request, "options ") {
		return nil
	}
	for _, f := range strings.Fields(d.blocks[0].request)[1:] {
		name, value, _ := strings.Cut(f, "=")
		var err error
		switch name {
		case "degree":
			d.Options.Degree, err = strconv.Atoi(value)
		default:
			x, ok := engine.SettingNamed(name)
			if !ok {
				return fmt.Errorf("unknown option %s", name)
			}
			err = x.Set(&d.Options.Settings, value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Run plays the dialogue on a fresh engine and compares every reply. With
// update, it puts the replies it got in place of those written; String then
// gives the new text.
func (d *Dialogue) Run(t *testing.T, update bool) {
	p := &player{t: t, f: With(t, d.Options), update: update}
	p.recorder = engine.NewRecorder(p.f.Engine, true)
	for _, b := range d.blocks {
		p.play(b)
	}
	p.replay()
}

// player is one run of a dialogue.
type player struct {
	t        *testing.T
	f        *Fixture
	recorder *engine.Recorder
	replies  [][]byte
	region   string
	caller   engine.Caller
	seen     map[string]string // the last values of the members that bodies can refer to
	update   bool
}

func (p *player) play(b *block) {
	verb, body, _ := strings.Cut(b.request, " ")
	switch verb {
	case "options":
	case "region":
		p.region = body
	case "caller":
		p.caller = engine.Caller(body)
	case "advance":
		d, err := time.ParseDuration(body)
		if err != nil {
			p.t.Fatalf("line %d: %v", b.line, err)
		}
		if err := p.recorder.AdvanceTo(p.f.Now().Add(d)); err != nil {
			p.t.Fatalf("line %d: %v", b.line, err)
		}
		p.replies = append(p.replies, nil)
	case "set":
		name, value, _ := strings.Cut(body, " ")
		if err := p.recorder.Configure(name, value); err != nil {
			p.t.Fatalf("line %d: %v", b.line, err)
		}
		p.replies = append(p.replies, nil)
	case "split":
		table, number, _ := strings.Cut(body, " ")
		n, err := strconv.Atoi(number)
		if err == nil {
			err = p.recorder.Split(engine.Split{Region: p.region, Table: table, Partition: n})
		}
		if err != nil {
			p.t.Fatalf("line %d: %v", b.line, err)
		}
		p.replies = append(p.replies, nil)
	case "commit":
		p.got(b, p.recorder.Commit(body))
	case "cancel":
		p.got(b, p.recorder.Cancel(body))
	case "hold":
		name, request, _ := strings.Cut(body, " ")
		verb, body, _ = strings.Cut(request, " ")
		p.ask(b, p.call(verb, body, name))
	case "link", "kill", "revive", "lose", "restore":
		p.between(b)
	default:
		p.ask(b, p.call(verb, body, ""))
	}
}

// between performs a step of the host on links and regions.
func (p *player) between(b *block) {
	words := strings.Fields(b.request)
	var s engine.Step
	if words[0] == "link" && len(words) > 4 {
		s.Link = engine.LinkStep{From: words[1], To: words[3], Both: words[2] == "and", What: words[4], Value: strings.Join(words[5:], "")}
	} else {
		s.Region = engine.RegionStep{What: words[0], Region: words[1], Zone: strings.Join(words[2:], "")}
	}
	if _, err := p.recorder.Step(s); err != nil {
		p.t.Fatalf("line %d: %v", b.line, err)
	}
	p.replies = append(p.replies, nil)
}

func (p *player) call(operation, body, hold string) engine.Call {
	return engine.Call{Target: engine.Target(operation), Region: p.region, Caller: p.caller, Body: []byte(p.refer(expand(body))), Hold: hold}
}

func (p *player) ask(b *block, c engine.Call) {
	before, counts := p.f.StateHash(), p.f.Counts(c)
	r := p.recorder.Handle(c)
	if (r.Status != 200 || !c.Writes()) && !counts && p.f.StateHash() != before {
		p.t.Errorf("line %d: %s got %d and changed the engine", b.line, b.request, r.Status)
	}
	p.got(b, r)
}

// got compares a reply with the one that is written.
func (p *player) got(b *block, r engine.Reply) {
	p.replies = append(p.replies, r.Body)
	p.note(r.Body)
	switch want := unfold(b.reply); {
	case want == "" && r.Status == 200:
	case want == "":
		p.t.Errorf("line %d: %s\ngot  %d %s", b.line, b.request, r.Status, r.Body)
	case p.update:
		b.reply = fold(r)
	case want != strconv.Itoa(r.Status)+" "+string(r.Body):
		p.t.Errorf("line %d: %s\ngot:\n%swant:\n%s", b.line, b.request, fold(r), b.reply)
	}
}

// mentioned are the members of replies that bodies can refer to.
var mentioned = regexp.MustCompile(`"(?:Next)?(ShardIterator|SequenceNumber|ShardId)":"([^"]*)"`)

// note keeps the values that later bodies can refer to.
func (p *player) note(reply []byte) {
	for _, m := range mentioned.FindAllSubmatch(reply, -1) {
		if p.seen == nil {
			p.seen = map[string]string{}
		}
		p.seen[string(m[1])] = string(m[2])
	}
}

// refer puts the values of earlier replies into a body.
func (p *player) refer(body string) string {
	for _, name := range []string{"ShardIterator", "SequenceNumber", "ShardId"} {
		body = strings.ReplaceAll(body, "$("+name+")", p.seen[name])
	}
	return body
}

// replay sends the same history, by way of its text, through another engine.
func (p *player) replay() {
	h, err := engine.ParseHistory(p.recorder.History().Append(nil))
	if err != nil {
		p.t.Errorf("the history of the dialogue cannot be read back: %v", err)
		return
	}
	again, err := h.Replay(func(i int, s engine.Step, r engine.Reply) {
		if !bytes.Equal(r.Body, p.replies[i]) {
			p.t.Errorf("replaying %s %s\ngot  %s\nwant %s", s.Call.Target, s.Call.Body, r.Body, p.replies[i])
		}
	})
	if err != nil {
		p.t.Error(err)
	} else if again.StateHash() != p.f.StateHash() {
		p.t.Error("replaying the dialogue leads to another state")
	}
}

// Rules lists the ids of the rules that steps with a reply are cases of.
func (d *Dialogue) Rules() []string {
	var ids []string
	for _, b := range d.blocks {
		if b.reply == "" {
			continue
		}
		for line := range strings.Lines(b.comments) {
			if rest, ok := strings.CutPrefix(line, "#:"); ok {
				ids = append(ids, strings.Fields(rest)...)
			}
		}
	}
	return ids
}

// String is the dialogue's text.
func (d *Dialogue) String() string {
	var s strings.Builder
	for _, b := range d.blocks {
		s.WriteString(b.comments + b.request + "\n")
		if b.reply != "" {
			s.WriteString("----\n" + b.reply)
		}
		s.WriteString("\n")
	}
	return s.String()
}
