package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// scheduledTable is a table of 5 read units with a target between 5 and 20.
func scheduledTable(t *testing.T) scaledDay {
	d := scaledDay{enginetest.With(t, engine.Options{Settings: engine.Settings{Transition: 10 * time.Second}}), t}
	d.Must("CreateTable", `{"TableName":"Day","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5},
		"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}`)
	d.Pass(time.Minute)
	d.Must("RegisterScalableTarget", `{`+readTarget+`,"MinCapacity":5,"MaxCapacity":20}`)
	return d
}

func (d scaledDay) at(name, schedule, bounds string) {
	d.t.Helper()
	d.Must("PutScheduledAction", fmt.Sprintf(`{%s,"ScheduledActionName":"%s","Schedule":"%s","ScalableTargetAction":{%s}}`, readTarget, name, schedule, bounds))
}

// TestScheduledDays: a minimum for the hours of work, day by day. A Friday's and
// a Saturday's, by cron and by rate.
func TestScheduledDays(t *testing.T) {
	d := scheduledTable(t)
	d.at("morning", "cron(0 8 ? * MON-FRI *)", `"MinCapacity":15`)
	d.at("evening", "cron(0 18 ? * MON-FRI *)", `"MinCapacity":5,"MaxCapacity":10`)
	d.at("night", "rate(1 day)", `"MaxCapacity":20`)
	if got := len(d.Due()); got != 3 {
		t.Errorf("%d events are due", got)
	}
	for day := range 4 { // Thursday to Sunday
		want := map[int]int{0: 15, 1: 15, 2: 10, 3: 10}[day]
		d.Pass(time.Duration(24*day+12)*time.Hour - d.Now().Sub(engine.DefaultStart))
		if got := d.capacity(); got != want {
			t.Errorf("at noon of day %d there are %d units, want %d", day, got, want)
		}
	}
	info := d.ScalingInfo("", "Day")[0]
	if len(info.Scheduled) != 3 || info.Scheduled[1].Name != "morning" || !info.Scheduled[1].Next.Equal(time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)) || info.Scheduled[1].Min != 15 {
		t.Errorf("%+v", info.Scheduled)
	}
	var at []string
	for _, line := range d.activities("") {
		if strings.Contains(line, "capacity units") {
			at = append(at, line)
		}
	}
	d.want(at,
		"08:00:00 Successful Setting read capacity units to 15.",
		"18:00:00 Successful Setting read capacity units to 10.",
		"08:00:00 Successful Setting read capacity units to 15.",
		"18:00:00 Successful Setting read capacity units to 10.",
	)
}

// TestScheduledSuspended: with ScheduledScalingSuspended nothing is done, and
// bounds that no target can have are not given.
func TestScheduledSuspended(t *testing.T) {
	d := scheduledTable(t)
	d.at("up", "rate(1 hour)", `"MinCapacity":10`)
	d.Must("RegisterScalableTarget", `{`+readTarget+`,"SuspendedState":{"ScheduledScalingSuspended":true}}`)
	d.Pass(90 * time.Minute)
	d.want(d.activities(""))
	d.Must("RegisterScalableTarget", `{`+readTarget+`,"MaxCapacity":8,"SuspendedState":{"ScheduledScalingSuspended":false}}`)
	d.Pass(time.Hour)
	d.want(d.activities(""), "02:01:00 Failed Setting min capacity to 10")
	if got := d.capacity(); got != 5 {
		t.Errorf("%d units", got)
	}
}

// TestScheduledCopies: forks and snapshots go on as the engine does.
func TestScheduledCopies(t *testing.T) {
	d := scheduledTable(t)
	d.at("up", "rate(7 minutes)", `"MinCapacity":10`)
	d.at("down", "cron(*/10 * * * ? *)", `"MinCapacity":1,"MaxCapacity":6`)
	d.at("once", "at(2026-01-01T00:33:00)", `"MaxCapacity":40`)
	d.Must("AnyScaleFrontendService.TagResource", `{"ResourceARN":"`+d.targetARN()+`","Tags":{"a":"b"}}`)
	for range 5 {
		d.Pass(8 * time.Minute)
		restored, err := engine.Restore(d.AppendSnapshot(nil))
		if err != nil || restored.StateHash() != d.StateHash() {
			t.Fatalf("a snapshot loses something: %v", err)
		}
		fork := enginetest.Wrap(t, d.Fork())
		before := d.StateHash()
		for _, f := range []*enginetest.Fixture{fork, enginetest.Wrap(t, restored)} {
			f.Pass(30 * time.Minute)
		}
		if d.StateHash() != before || fork.StateHash() != restored.StateHash() {
			t.Error("a copy goes another way")
		}
	}
	for _, c := range [][2]string{{`"schedule":"rate(7 minutes)"`, `"schedule":"rate(7 minute)"`}, {`"name":"down"`, `"name":"zero"`}, {`"Tags":{"a":"b"}`, `"Tags":{"a":5}`}} {
		text := string(d.AppendSnapshot(nil))
		bad := strings.Replace(text, c[0], c[1], 1)
		if _, err := engine.Restore([]byte(bad)); err == nil || bad == text {
			t.Errorf("%s is taken for %s", c[1], c[0])
		}
	}
	d.Must("DeregisterScalableTarget", `{`+readTarget+`}`)
	for _, ev := range d.Due() {
		t.Errorf("%+v is due", ev)
	}
}

func (d scaledDay) targetARN() string {
	var out struct {
		ScalableTargets []struct{ ScalableTargetARN string }
	}
	d.Into(&out, "DescribeScalableTargets", `{"ServiceNamespace":"dynamodb"}`)
	return out.ScalableTargets[0].ScalableTargetARN
}
