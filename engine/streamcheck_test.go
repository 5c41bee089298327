package engine

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func streamedEngine(t *testing.T) (*Engine, *region, *table) {
	t.Helper()
	e := New(Options{})
	ask := func(op, body string) {
		t.Helper()
		if r := e.Handle(Call{Target: Target(op), Body: []byte(body)}); r.Status != 200 {
			t.Fatalf("%s: %s", op, r.Body)
		}
	}
	ask("CreateTable", `{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}`)
	ask("PutItem", `{"TableName":"Tab","Item":{"id":{"S":"a"}}}`)
	r := e.s.regions[DefaultRegion]
	return e, r, r.tables["Tab"]
}

// TestServiceDeletes: what DynamoDB deletes itself says so in its record.
func TestServiceDeletes(t *testing.T) {
	e, _, tab := streamedEngine(t)
	row, _ := tab.data.Rows().At(0)
	w := tab.plan(row.Key, row.Item, nil, nil)
	w.service = true
	e.s.commit(w)
	last, _ := tab.stream.records().Max()
	v := tab.stream.meta.shown(last)
	var out enc
	e.s.encodeShown(&out, DefaultRegion, tab.stream.meta.view, &v)
	if text := string(out.b); !strings.Contains(text, `"eventName":"REMOVE"`) ||
		!strings.HasSuffix(text, `"userIdentity":{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"}}`) {
		t.Errorf("got %s", text)
	}
	back, err := Restore(e.AppendSnapshot(nil))
	if err != nil || back.StateHash() != e.StateHash() {
		t.Errorf("a snapshot forgets it: %v", err)
	}
}

// TestCheckStream: the invariant check of streams is worth something.
func TestCheckStream(t *testing.T) {
	for name, spoil := range map[string]func(s *state, st *stream){
		"a shard too few":      func(_ *state, st *stream) { st.open = st.open[1:] },
		"shards out of order":  func(_ *state, st *stream) { st.open[0], st.open[1] = st.open[1], st.open[0] },
		"a record of no shard": func(_ *state, st *stream) { r, _ := st.records().Max(); r.shard = 5; st.records().Set(r) },
		"a shard that lost it": func(_ *state, st *stream) { st.held().PopMin() },
		"a stray entry":        func(_ *state, st *stream) { st.held().PopMin(); st.held().Set(record{shard: 1, seq: 1}) },
		"an old record":        func(s *state, st *stream) { s.now += int64(48 * time.Hour) },
		"one from before":      func(_ *state, st *stream) { r, _ := st.records().Max(); r.at--; st.records().Set(r) },
		"a trimmed record": func(_ *state, st *stream) {
			r, _ := st.records().Max()
			sh, _ := st.shards.Get(shard{number: r.shard})
			sh.trimmed = r.seq
			st.shards.Set(sh)
		},
		"open shards of a disabled stream": func(_ *state, st *stream) { st.mark(func(m *streamMeta) { m.status = streamDisabled }) },
	} {
		e, _, tab := streamedEngine(t)
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
		spoil(e.s, tab.stream)
		if e.Check() == nil {
			t.Errorf("%s is not found", name)
		}
	}
}

// TestDisableWhileEnabling: a stream that is disabled before it was enabled has
// no shards, and goes after a day too.
func TestDisableWhileEnabling(t *testing.T) {
	e, r, tab := streamedEngine(t)
	e.s.opts.Transition = time.Minute
	e.s.disableStream(r, tab)
	e.s.enableStream(r, tab, "KEYS_ONLY")
	e.s.disableStream(r, tab)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{time.Minute, 2}, {24*time.Hour - time.Minute - 1, 2}, {1, 0}} {
		if err := e.AdvanceTo(e.Now().Add(step.after)); err != nil {
			t.Fatal(err)
		}
		if err := e.Check(); err != nil {
			t.Error(err)
		}
		if list := e.Streams(""); len(list) != step.want {
			t.Errorf("at %s there are %d streams, want %d", e.Now(), len(list), step.want)
		}
	}
	if len(e.Due()) != 0 {
		t.Errorf("due are still %+v", e.Due())
	}
}

// TestRecordsWait: whenever somebody asks for a stream's records, all are there,
// and of a fork only its own.
func TestRecordsWait(t *testing.T) {
	e, _, _ := streamedEngine(t)
	asked, _, _ := streamedEngine(t)
	write := func(e *Engine, name string, n int) {
		t.Helper()
		body := `{"TableName":"Tab","Item":{"id":{"S":"` + name + `"},"n":{"N":"` + strconv.Itoa(n) + `"}}}`
		if r := e.Handle(Call{Target: Target("PutItem"), Body: []byte(body)}); r.Status != 200 {
			t.Fatal(string(r.Body))
		}
	}
	var early *Engine
	for n := range 2*mostWaiting + 100 {
		if n == mostWaiting+50 {
			early = e.Fork()
		}
		write(e, "a", n)
		write(asked, "a", n)
		if n%7 == 0 {
			asked.Streams("")
		}
	}
	if e.StateHash() != asked.StateHash() {
		t.Error("being asked for records changes them")
	}
	write(early, "b", 1)
	for _, c := range []struct {
		e    *Engine
		want int
		last string
	}{{e, 2*mostWaiting + 101, "a"}, {asked, 2*mostWaiting + 101, "a"}, {early, mostWaiting + 52, "b"}} {
		st := c.e.Streams("")[0]
		list := c.e.StreamRecords("", st.ARN, 0, c.want+1)
		if st.Records != c.want || len(list) != c.want {
			t.Fatalf("%d records, %d listed, want %d", st.Records, len(list), c.want)
		}
		if id, _ := list[0].Keys.Get("id"); id.Str() != c.last {
			t.Errorf("the last record is of %s", id.Str())
		}
		for i, r := range list[1:] {
			if r.Sequence >= list[i].Sequence {
				t.Fatalf("record %s comes before %s", list[i].Sequence, r.Sequence)
			}
		}
		if err := c.e.Check(); err != nil {
			t.Error(err)
		}
	}
}
