package engine

import (
	"fmt"
	"math/bits"
	"strings"
	"testing"
	"time"
)

// advanceOneByOne is advanceTo, but for loads: their requests are made one by
// one, each through the admission that any other request goes through.
func (s *state) advanceOneByOne(at int64) {
	for {
		ev, ok := s.events.tree.Min()
		if !ok || ev.at > at {
			s.now = at
			return
		}
		s.events.tree.PopMin()
		s.now = max(s.now, ev.at)
		if ev.kind != loadSecond {
			s.run(ev)
			continue
		}
		r := s.regions[ev.region]
		i := r.loadAt(ev.id)
		x := r.loads[i]
		t := x.ready(r)
		for n := x.load.before(x.seconds+1) - x.asked; n > 0; n-- {
			switch {
			case t == nil:
				x.asked++
				x.failed++
			case !s.measures(t):
				x.asked++
				x.passed++
			default:
				x.askOne(s, t)
			}
		}
		x.seconds++
		if !x.schedule(s, r) {
			r.loads = append(r.loads[:i:i], r.loads[i+1:]...)
		}
	}
}

// pick is a small generator of its own: the fixtures are in another package.
type pick struct{ state uint64 }

func (p *pick) below(n int) int {
	p.state += 0x9e3779b97f4a7c15
	hi, _ := bits.Mul64(mix(p.state), uint64(n))
	return int(hi)
}

func (p *pick) of(list ...string) string { return list[p.below(len(list))] }

// crowded is an engine with a table and loads on it, all by chance.
func crowded(t *testing.T, seed uint64) *Engine {
	p := &pick{seed}
	o := Options{Seed: seed, Settings: Settings{Throttle: p.below(6) > 0, SplitHeat: time.Duration(1+p.below(12)) * time.Second}}
	if p.below(3) == 0 {
		o.ThroughputQuota = int64(50 + p.below(3000))
	}
	e := New(o)
	call := func(operation, body string) {
		t.Helper()
		if r := e.Handle(Call{Target: Target(operation), Body: []byte(body)}); r.Status != 200 {
			t.Fatalf("%s: %s: %s", operation, r.Body, body)
		}
	}
	units := func() string {
		return fmt.Sprintf(`"ProvisionedThroughput":{"ReadCapacityUnits":%d,"WriteCapacityUnits":%d}`, 1+p.below(800), 1+p.below(1500))
	}
	terms := units
	if p.below(2) == 0 {
		terms = func() string {
			return p.of(`"X":0`, fmt.Sprintf(`"OnDemandThroughput":{"MaxReadRequestUnits":%d,"MaxWriteRequestUnits":%d}`, 1+p.below(2000), 1+p.below(2000)))
		}
	}
	body := `{"TableName":"Tab","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},{"AttributeName":"g","AttributeType":"B"}],
		"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],` +
		`"LocalSecondaryIndexes":[{"IndexName":"loc","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"g","KeyType":"RANGE"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["a"]}}],` +
		`"GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"},` + terms() + `},` +
		`{"IndexName":"keys","KeySchema":[{"AttributeName":"sk","KeyType":"HASH"},{"AttributeName":"g","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"},` + terms() + `}],` + terms()
	if !strings.Contains(body, "ProvisionedThroughput") {
		body += `,"BillingMode":"PAY_PER_REQUEST"`
	}
	body = strings.ReplaceAll(body, `,"X":0`, "") + "}"
	call("CreateTable", body)
	if strings.Contains(body, "ProvisionedThroughput") {
		const target = `"ServiceNamespace":"dynamodb","ResourceId":"table/Tab","ScalableDimension":"dynamodb:table:WriteCapacityUnits"`
		call("RegisterScalableTarget", `{`+target+`,"MinCapacity":1,"MaxCapacity":9000}`)
		call("PutScalingPolicy", `{`+target+`,"PolicyName":"p","PolicyType":"TargetTrackingScaling","TargetTrackingScalingPolicyConfiguration":
			{"TargetValue":50,"PredefinedMetricSpecification":{"PredefinedMetricType":"DynamoDBWriteCapacityUtilization"}}}`)
	}
	for i := range 1 + p.below(3) {
		text := fmt.Sprintf("load%d table=Tab rate=%d,%ds:%d,%ds:%d for=%ds reads=%s keys=%s count=%d size=%d", i, p.below(600), 10+p.below(50), p.below(800), 200, p.below(100),
			60+p.below(200), p.of("0", "20", "50", "97", "100"), "%s", 2+p.below(500), 100+p.below(9000))
		keys := p.of("uniform", "zipf", "hot hot=60", "ordered")
		text = strings.Replace(text, "%s", keys, 1)
		if !strings.Contains(text, "reads=0") {
			text += p.of("", " index=byG", " index=loc", " index=loc consistent=true", " consistent=true")
		}
		l, err := ParseLoad(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.s.startLoad(l); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// TestCrowd: requests of a load that are counted together leave behind what the
// same requests leave behind that go through admission one by one, to the last
// bucket, minute, cell, split, alarm and activity.
func TestCrowd(t *testing.T) {
	seeds := uint64(40)
	if testing.Short() {
		seeds = 4
	}
	var passed, throttled, splits, activities int64
	over := map[Limit]int64{}
	for seed := range seeds {
		a := crowded(t, seed)
		b := a.Fork()
		p := pick{seed ^ 77}
		for range 8 {
			by := time.Duration(1+p.below(30_000)) * time.Millisecond
			if p.below(10) == 0 {
				by = time.Duration(p.below(40)) * time.Minute
			}
			if err := a.AdvanceTo(a.Now().Add(by)); err != nil {
				t.Fatal(err)
			}
			b.s.advanceOneByOne(a.s.now)
			if a.StateHash() != b.StateHash() {
				t.Fatalf("seed %d: at %s, counted together:\n%s\none by one:\n%s", seed, a.Now(), a.AppendSnapshot(nil), b.AppendSnapshot(nil))
			}
			if p.below(4) == 0 {
				call := Call{Target: Target("UpdateTable"), Body: []byte(`{"TableName":"Tab","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"keys"}}]}`)}
				a.Handle(call)
				b.Handle(call)
			}
		}
		for _, index := range []string{"", "byG"} {
			splits += int64(len(a.Heat("", "Tab", index).Splits))
			for _, m := range a.Metrics("", "Tab", index) {
				passed += int64(m.Read + m.Write)
				throttled += m.ReadThrottled + m.WriteThrottled
				for limit := range limits {
					over[limit] += m.ReadOver[limit].Requests + m.WriteOver[limit].Requests
				}
			}
		}
		for _, x := range a.ScalingInfo("", "Tab") {
			activities += int64(len(x.Activities))
		}
	}
	t.Logf("%d half units passed, %d requests were throttled, by %v, %d splits, %d activities", passed, throttled, over, splits, activities)
	if !testing.Short() && (passed < 1_000_000 || throttled < 500_000 || splits < 20 || activities < 5 || len(over) != int(limits)) {
		t.Error("a test of too little")
	}
}
