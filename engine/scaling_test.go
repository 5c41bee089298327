package engine_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// scaledDay is a table with auto scaling, of which a read of the item takes 100 read
// units: 400 KB, strongly consistent.
type scaledDay struct {
	*enginetest.Fixture
	t *testing.T
}

const readTarget = `"ServiceNamespace":"dynamodb","ResourceId":"table/Day","ScalableDimension":"dynamodb:table:ReadCapacityUnits"`

func newDay(t *testing.T, transition time.Duration, capacity int, bounds, policy string) scaledDay {
	d := scaledDay{enginetest.With(t, engine.Options{Settings: engine.Settings{Transition: transition}}), t}
	d.Must("CreateTable", fmt.Sprintf(`{"TableName":"Day","ProvisionedThroughput":{"ReadCapacityUnits":%d,"WriteCapacityUnits":5},
		"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}`, capacity))
	d.Pass(time.Minute)
	d.Must("PutItem", `{"TableName":"Day","Item":{"pk":{"S":"a"},"x":{"S":"`+strings.Repeat("x", 409596)+`"}}}`)
	d.Pass(59 * time.Minute)
	d.Must("RegisterScalableTarget", `{`+readTarget+bounds+`}`)
	d.Must("PutScalingPolicy", `{`+readTarget+`,"PolicyName":"track","PolicyType":"TargetTrackingScaling","TargetTrackingScalingPolicyConfiguration":
		{"TargetValue":70.0,"PredefinedMetricSpecification":{"PredefinedMetricType":"DynamoDBReadCapacityUtilization"}`+policy+`}}`)
	return d
}

// minutes lets minutes pass in each of which the item is read so many times.
func (d scaledDay) minutes(n, reads int) {
	for range n {
		d.Pass(30 * time.Second)
		for range reads {
			d.Must("Query", `{"TableName":"Day","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"a"}},
				"Select":"COUNT","ConsistentRead":true}`)
		}
		d.Pass(30 * time.Second)
	}
}

// capacity is what DescribeTable shows.
func (d scaledDay) capacity() int {
	var out struct {
		Table struct {
			ProvisionedThroughput struct{ ReadCapacityUnits int }
		}
	}
	d.Into(&out, "DescribeTable", `{"TableName":"Day"}`)
	return out.Table.ProvisionedThroughput.ReadCapacityUnits
}

// activities lists the activities, the oldest first, one a line.
func (d scaledDay) activities(more string) []string {
	var out struct {
		ScalingActivities []struct {
			StartTime, EndTime        float64
			Description, Cause        string
			StatusCode, StatusMessage string
			NotScaledReasons          []struct{ Code string }
		}
	}
	d.Into(&out, "DescribeScalingActivities", `{"ServiceNamespace":"dynamodb"`+more+`}`)
	var list []string
	for _, a := range slices.Backward(out.ScalingActivities) {
		at := time.Unix(int64(a.StartTime), 0).UTC().Format("15:04:05")
		line := at + " " + a.StatusCode + " " + a.Description
		for _, alarm := range []string{"AlarmHigh", "AlarmLow"} {
			if strings.Contains(a.Cause, alarm) {
				line += " " + alarm
			}
		}
		for _, r := range a.NotScaledReasons {
			line += " " + r.Code
		}
		list = append(list, line)
	}
	return list
}

func (d scaledDay) want(got []string, want ...string) {
	d.t.Helper()
	if !slices.Equal(got, want) {
		d.t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestScalingDay goes through a day: quiet, a morning that rises in steps, a
// full working day, an evening that falls. 70 % of 5 units are 210 in a minute;
// 400 need 400/60/0.7 = 9.5 units, 800 19.05, 1,400 33.3; four fifths of 70 %
// of 34 units are 1,142 in a minute; and so on.
func TestScalingDay(t *testing.T) {
	d := newDay(t, 2*time.Second, 5, `,"MinCapacity":5,"MaxCapacity":40`, "")
	for hour := 1; hour < 23; hour++ {
		reads := map[int]int{7: 4, 8: 8, 17: 10, 18: 6}[hour]
		switch {
		case hour < 7 || hour > 18:
			reads = 2
		case hour > 8 && hour < 17:
			reads = 14
		}
		d.minutes(60, reads)
		want := map[int]int{7: 10, 8: 20, 17: 24, 18: 15}[hour]
		switch {
		case hour < 7 || hour > 18:
			want = 5
		case hour > 8 && hour < 17:
			want = 34
		}
		if got := d.capacity(); got != want {
			t.Errorf("at the end of hour %d there are %d units, want %d", hour, got, want)
		}
	}
	d.want(d.activities(""),
		"07:02:00 Successful Setting read capacity units to 10. AlarmHigh",
		"08:02:00 Successful Setting read capacity units to 20. AlarmHigh",
		"09:02:00 Successful Setting read capacity units to 34. AlarmHigh",
		"17:15:00 Successful Setting read capacity units to 24. AlarmLow",
		"18:15:00 Successful Setting read capacity units to 15. AlarmLow",
		// An hour after the last decrease, which was done when the table was ACTIVE.
		"19:15:00 Failed Setting read capacity units to 5. AlarmLow",
		"19:16:00 Successful Setting read capacity units to 5. AlarmLow",
	)
	info := d.ScalingInfo("", "Day")
	if len(info) != 1 || len(info[0].Activities) != 7 || info[0].Capacity != 5 {
		t.Fatalf("%+v", info)
	}
	if n := info[0].DecreasesToday; n != 3 {
		t.Errorf("%d decreases", n)
	}
	if a := info[0].Activities[2]; a.From != 20 || a.To != 34 || a.End.Sub(a.Start) != 2*time.Second {
		t.Errorf("%+v", a)
	}
}

// TestScalingUpdates looks at a scale-out in the middle: the table is UPDATING,
// the activity InProgress, and the target cannot be changed.
func TestScalingUpdates(t *testing.T) {
	d := newDay(t, 10*time.Second, 5, `,"MinCapacity":5,"MaxCapacity":40`, "")
	d.minutes(2, 14)
	if got := d.Must("DescribeTable", `{"TableName":"Day"}`); !strings.Contains(got, `"TableStatus":"UPDATING"`) || d.capacity() != 5 {
		t.Error(got)
	}
	d.want(d.activities(""), "01:02:00 InProgress Setting read capacity units to 34. AlarmHigh")
	const pending = "ConcurrentUpdateException: You already have a pending update to an Application Auto Scaling resource."
	if got := d.Refused("DeregisterScalableTarget", `{`+readTarget+`}`); got != pending {
		t.Error(got)
	}
	if got := d.Refused("UpdateTable", `{"TableName":"Day","DeletionProtectionEnabled":true}`); !strings.HasPrefix(got, "ResourceInUseException") {
		t.Error(got)
	}
	d.Pass(10 * time.Second)
	if got := d.capacity(); got != 34 {
		t.Error(got)
	}
	d.Must("DeregisterScalableTarget", `{`+readTarget+`}`)
	d.want(d.activities(""), "01:02:00 Successful Setting read capacity units to 34. AlarmHigh")
}

// TestScalingDecreases falls from step to step every quarter of an hour: the
// fifth decrease has to wait until an hour after the fourth.
func TestScalingDecreases(t *testing.T) {
	d := newDay(t, 0, 100, `,"MinCapacity":1,"MaxCapacity":100`, "")
	for _, reads := range []int{30, 20, 12, 7, 4, 4, 4, 4} {
		d.minutes(15, reads)
	}
	d.want(d.activities(""),
		"01:15:00 Successful Setting read capacity units to 72. AlarmLow",
		"01:30:00 Successful Setting read capacity units to 48. AlarmLow",
		"01:45:00 Successful Setting read capacity units to 29. AlarmLow",
		"02:00:00 Successful Setting read capacity units to 17. AlarmLow",
		"02:15:00 Failed Setting read capacity units to 10. AlarmLow",
		"03:00:00 Successful Setting read capacity units to 10. AlarmLow",
	)
}

// TestScalingCooldowns: in the cooldown after scaling out only a larger step is
// made, and scaling out ends the cooldown of scaling in.
func TestScalingCooldowns(t *testing.T) {
	d := newDay(t, 0, 10, `,"MinCapacity":1,"MaxCapacity":100`, `,"ScaleOutCooldown":600,"ScaleInCooldown":3600`)
	d.minutes(2, 6)  // 600 a minute: 15 units, a step of 5
	d.minutes(2, 8)  // 20 units would be a step of 5
	d.minutes(2, 12) // 29 are a step of 14, at once: 8 was above as well
	d.minutes(15, 6)
	d.minutes(20, 3) // 8 units: in the cooldown of the decrease
	if info := d.ScalingInfo("", "Day")[0]; !info.Low || info.InCool.IsZero() || !info.OutCool.IsZero() {
		t.Errorf("%+v", info)
	}
	d.minutes(2, 9)
	d.minutes(15, 6)
	d.want(d.activities(""),
		"01:02:00 Successful Setting read capacity units to 15. AlarmHigh",
		"01:05:00 Successful Setting read capacity units to 29. AlarmHigh",
		"01:21:00 Successful Setting read capacity units to 15. AlarmLow",
		"01:43:00 Successful Setting read capacity units to 22. AlarmHigh",
		"01:58:00 Successful Setting read capacity units to 15. AlarmLow",
	)
}

// TestScalingBounds: nothing is done beyond the bounds, which is told of on
// request; and a capacity that is out of them is brought in on registration.
func TestScalingBounds(t *testing.T) {
	d := newDay(t, 0, 5, `,"MinCapacity":10,"MaxCapacity":20`, "")
	d.minutes(6, 20)
	d.want(d.activities(""),
		"01:00:00 Successful Setting read capacity units to 10.",
		"01:02:00 Successful Setting read capacity units to 20. AlarmHigh",
	)
	d.minutes(20, 1)
	d.minutes(20, 1)
	d.want(d.activities(`,"IncludeNotScaledActivities":true`),
		"01:00:00 Successful Setting read capacity units to 10.",
		"01:02:00 Successful Setting read capacity units to 20. AlarmHigh",
		"01:02:00 Unfulfilled Attempting to scale due to alarm triggered AlarmHigh AlreadyAtMaxCapacity",
		"01:21:00 Successful Setting read capacity units to 10. AlarmLow",
		"01:21:00 Unfulfilled Attempting to scale due to alarm triggered AlarmLow AlreadyAtMinCapacity",
	)
	d.Must("RegisterScalableTarget", `{`+readTarget+`,"MinCapacity":4,"MaxCapacity":4}`)
	if got := d.capacity(); got != 4 {
		t.Error(got)
	}
}

// TestScalingIdle: what is not used makes no events, and is not scaled in.
func TestScalingIdle(t *testing.T) {
	d := newDay(t, 0, 50, `,"MinCapacity":5,"MaxCapacity":100`, "")
	d.minutes(3, 2)
	if due := d.Due(); len(due) != 0 {
		t.Errorf("%v", due)
	}
	d.minutes(1, 0)
	d.minutes(14, 2) // the minute without data has ended the row
	d.Pass(30 * 365 * 24 * time.Hour)
	if got := d.capacity(); got != 50 || len(d.activities("")) != 0 {
		t.Errorf("%d units, %v", got, d.activities(""))
	}
	d.minutes(15, 2)
	if got := d.capacity(); got != 5 {
		t.Errorf("%d units after 15 minutes of use", got)
	}
}

// TestScalingSuspended: a direction that is suspended does nothing.
func TestScalingSuspended(t *testing.T) {
	d := newDay(t, 0, 10, `,"MinCapacity":1,"MaxCapacity":100,"SuspendedState":{"DynamicScalingInSuspended":true}`, "")
	d.minutes(20, 1)
	d.minutes(2, 12)
	d.want(d.activities(""), "01:22:00 Successful Setting read capacity units to 29. AlarmHigh")
	d.Must("RegisterScalableTarget", `{`+readTarget+`,"SuspendedState":{"DynamicScalingInSuspended":false,"DynamicScalingOutSuspended":true}}`)
	d.minutes(2, 30)
	d.minutes(15, 1)
	d.want(d.activities("")[1:], "01:39:00 Successful Setting read capacity units to 3. AlarmLow")
}

// TestScalingCopies: targets go by name, and are there for another table of
// that name; copies of the state go on as the state does.
func TestScalingCopies(t *testing.T) {
	d := newDay(t, 2*time.Second, 5, `,"MinCapacity":5,"MaxCapacity":40`, "")
	d.minutes(1, 14)
	for range 6 {
		fork := scaledDay{enginetest.Wrap(t, d.Fork()), t}
		restored, err := engine.Restore(d.AppendSnapshot(nil))
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []scaledDay{fork, {enginetest.Wrap(t, restored), t}} {
			other.minutes(3, 9)
			again := scaledDay{enginetest.Wrap(t, d.Fork()), t}
			again.minutes(3, 9)
			if other.StateHash() != again.StateHash() || !bytes.Equal(other.AppendSnapshot(nil), again.AppendSnapshot(nil)) {
				t.Error("a copy of the state goes another way")
			}
		}
		d.Pass(time.Second)
		d.minutes(1, 14)
	}
	d.Must("DeleteTable", `{"TableName":"Day"}`)
	d.Pass(time.Minute)
	d.Must("CreateTable", `{"TableName":"Day","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5},
		"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}`)
	d.Pass(time.Minute)
	d.minutes(3, 500)
	if got := d.Metrics("", "Day", ""); len(got) == 0 {
		t.Error("no metrics of the new table")
	}
}
