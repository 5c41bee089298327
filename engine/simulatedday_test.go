package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
	"github.com/sortkey/sortkey/engine/meter"
)

// TestSimulatedDay is a day of a table with auto scaling at 70 % between 10 and
// 200 read units, of loads whose reads take one unit each:
//
//	night    7 a second until 6:00 and from 19:00 on
//	morning  from 6:00 to 7:00 up to 67 a second, by 1 in a minute
//	day      67 a second, and from 12:00 to 12:10 another 233
//	evening  from 18:00 to 19:00 down to 7 again
//
// At night 7 of 10 units are 70 %, which is not above the target.
//
// In the morning minute m, from 0, asks for 7.5+m a second on average. Minutes
// 0 and 1 want 7.5/0.7 = 10.7 and 8.5/0.7 = 12.1 units, both more than 10, so at
// 6:02 there are 13. Minute 2 wants 13.6, which is more, minute 3 wants 15: at
// 6:04 there are 15. And so every two minutes, to the last one's want: 17.9 in
// minute 5, 20.7 in minute 7, …, 66.5/0.7 = 95 in minute 59. The day's 67 want
// 95.7: at 7:02 there are 96. Nothing is throttled: there is the burst.
//
// At 12:00 the bucket holds 300 × 96 = 28,800. Each second takes 300 and gets
// 96, so at 12:02:00, before the requests, it holds 28,800 − 120 × 204 = 4,320.
// Two minutes above: the last wants 428.6, and gets the 200 that are allowed. The
// requests of 12:02:00 come first and leave 4,020; j seconds later there are
// 4,220 − 100 (j − 1) for 300 requests. That is enough until j = 40; of j = 41
// 80 are throttled, and from then on 100 in each second: in the minute 80 + 18 ×
// 100 = 1,880, in each of the next seven 6,000.
//
// After it 67 is below four fifths of 70 % of 200, which is 112: fifteen minutes
// later, at 12:25, there are 96 again. This is the first decrease of the day.
//
// In the evening minute m asks for 66.5−m. Below 0.56 × 96 = 53.76 are the
// minutes from 13 on, so at 18:28 there are 53.5/0.7 = 76.4 → 77. Below 43.12
// are those from 24 on: at 18:39 42.5/0.7 = 60.7 → 61 are wanted, and refused:
// four decreases can be made in the hour after the day's first, which was that
// of 12:25, and each other one an hour after the last. At 19:28 the last fifteen
// minutes want 10.
func TestSimulatedDay(t *testing.T) {
	const read = `"ServiceNamespace":"dynamodb","ResourceId":"table/Day","ScalableDimension":"dynamodb:table:ReadCapacityUnits"`
	d := scaledDay{throttled(t, engine.Settings{}), t}
	d.Must("CreateTable", `{"TableName":"Day","ProvisionedThroughput":{"ReadCapacityUnits":10,"WriteCapacityUnits":1},
		"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}`)
	d.Must("RegisterScalableTarget", `{`+read+`,"MinCapacity":10,"MaxCapacity":200}`)
	d.Must("PutScalingPolicy", `{`+read+`,"PolicyName":"track","PolicyType":"TargetTrackingScaling","TargetTrackingScalingPolicyConfiguration":
		{"TargetValue":70.0,"PredefinedMetricSpecification":{"PredefinedMetricType":"DynamoDBReadCapacityUtilization"}}}`)
	loaded(t, d, "day table=Day rate=7,6h:7,7h:67,18h:67,19h:7 for=1d reads=100 consistent=true keys=zipf size=4000")
	d.Pass(12 * time.Hour)
	loaded(t, d, "noon table=Day rate=233 for=10m reads=100 consistent=true size=4000")
	d.Pass(12*time.Hour - time.Second)
	d.want(d.activities(""), dayActivities()...)
	d.checkMinutes()
}

func dayActivities() (list []string) {
	line := func(at, status string, to int, alarm string) {
		list = append(list, fmt.Sprintf("%s:00 %s Setting read capacity units to %d. %s", at, status, to, alarm))
	}
	for i, to := range []int{
		13, 15, 18, 21, 24, 27, 30, 33, 35, 38, // 8.5/0.7 = 12.1, 10.5/0.7 = 15, 17.9, 20.7, 23.6, 26.4, 29.3, 32.1, 35, 37.9
		41, 44, 47, 50, 53, 55, 58, 61, 64, 67, // 40.7, 43.6, 46.4, 49.3, 52.1, 55, 57.9, 60.7, 63.6, 66.4
		70, 73, 75, 78, 81, 84, 87, 90, 93, // 69.3, 72.1, 75, 77.9, 80.7, 83.6, 86.4, 89.3, 92.1
	} {
		line(fmt.Sprintf("06:%02d", 2*(i+1)), "Successful", to, "AlarmHigh")
	}
	line("07:00", "Successful", 95, "AlarmHigh")
	line("07:02", "Successful", 96, "AlarmHigh")
	line("12:02", "Successful", 200, "AlarmHigh")
	line("12:25", "Successful", 96, "AlarmLow")
	line("18:28", "Successful", 77, "AlarmLow")
	line("18:39", "Failed", 61, "AlarmLow")
	line("19:28", "Successful", 10, "AlarmLow")
	return list
}

// checkMinutes holds each minute of the day against what was asked for in it.
func (d scaledDay) checkMinutes() {
	list := d.Metrics("", "Day", "")
	if len(list) != 24*60 {
		d.t.Fatalf("%d minutes", len(list))
	}
	for i, m := range list {
		asked, throttled := 0, 0
		switch hour, minute := i/60, i%60; {
		case hour < 6 || hour > 18:
			asked = 60 * 7
		case hour == 6:
			asked = 60*7 + 60*minute + 30
		case hour == 18:
			asked = 60*67 - 60*minute - 30
		case hour == 12 && minute < 10:
			asked = 60 * 300
			throttled = [10]int{0, 0, 1880, 6000, 6000, 6000, 6000, 6000, 6000, 6000}[minute]
		default:
			asked = 60 * 67
		}
		over := engine.Over{engine.LimitProvisioned: {Requests: int64(throttled), Units: meter.Units(2 * throttled)}}
		if !m.Start().Equal(engine.DefaultStart.Add(time.Duration(i)*time.Minute)) || m.Read != meter.Units(2*(asked-throttled)) ||
			m.ReadThrottled != int64(throttled) || m.ReadOver != over || m.Write != 0 || m.ReadRate != m.ProvisionedRead {
			d.t.Errorf("%+v, want %d of %d throttled", m, throttled, asked)
		}
	}
	// At 11:59 the bucket is full but for the requests of the last second; from
	// 12:02:42 on it is empty after each second's requests.
	for i, left := range map[int]int{11*60 + 59: 28_800 - 67, 12*60 + 1: 4224, 12*60 + 2: 0} {
		if m := list[i]; m.ReadLeft != meter.Units(2*left) {
			d.t.Errorf("%s: %s are left, want %d", m.Start().Format("15:04"), m.ReadLeft, left)
		}
	}
}

// Over any window, what a table and its index have granted is at most what they
// held at its beginning, which is no more than 300 seconds of what was
// provisioned then, and what was provisioned since; a read can be over by its
// own size, once in a row. And what a partition has granted is at most what one
// does. Loads, updates and idle times are by chance.
func TestLoadsInWindows(t *testing.T) {
	seeds := uint64(8)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		f, r := enginetest.With(t, engine.Options{Seed: seed, Settings: engine.Settings{Throttle: true}}), enginetest.Random{State: seed}
		units := func() string {
			return fmt.Sprintf(`"ProvisionedThroughput":{"ReadCapacityUnits":%d,"WriteCapacityUnits":%d}`, 1+r.Below(60), 1+r.Below(60))
		}
		f.Must("CreateTable", `{"TableName":"Tab",`+units()+`,"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
			"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
			"GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"},`+units()+`}]}`)
		w := windows{}
		started := 0
		for range 900 {
			if len(f.Loads("")) < 3 && r.Below(40) == 0 {
				index := enginetest.Pick(&r, []string{"", " index=byG"})
				loaded(t, f, fmt.Sprintf("load%d table=Tab rate=%d,60s:%d for=%ds reads=%d size=%d keys=zipf%s",
					started, r.Below(100), r.Below(200), 1+r.Below(120), 1+r.Below(100), 100+r.Below(9000), index))
				started++
				w.look(f)
			}
			if r.Below(150) == 0 {
				f.Do("UpdateTable", `{"TableName":"Tab",`+units()+`}`) // a decrease may be one too many
				w.look(f)
			}
			if r.Below(200) == 0 {
				f.Pass(time.Duration(r.Below(6)) * time.Minute)
			}
			f.Pass(time.Second)
			w.look(f)
		}
		w.check(t, seed)
	}
}

// windows are the lanes of a table and its index, in the order of Capacities,
// second by second.
type windows [4][]second

type second struct {
	at      time.Time
	granted meter.Units // until then
	rate    int64       // from then on
	filled  meter.Units // what was provisioned until then
}

// look notes what there is now.
func (w *windows) look(f *enginetest.Fixture) {
	for i, c := range f.Capacities("", "Tab") {
		now := second{at: f.Now(), rate: c.Rate}
		for _, m := range f.Metrics("", "Tab", c.Index) {
			if c.Write {
				now.granted += m.Write
			} else {
				now.granted += m.Read
			}
		}
		if n := len(w[i]); n > 0 {
			last := w[i][n-1]
			now.filled = last.filled + meter.Units(last.rate*int64(now.at.Sub(last.at)/time.Second))*meter.Unit
		}
		w[i] = append(w[i], now)
	}
}

// check looks at every window. What is made between two looks a second apart is
// made at the second of them; in a longer time it may have been made at once.
func (w *windows) check(t *testing.T, seed uint64) {
	for lane, list := range w {
		reads, empty := lane%2 == 0, true
		for i := 1; i < len(list); i++ {
			empty = empty && list[i].granted == list[0].granted
			from := list[i].filled
			if list[i].at.Sub(list[i-1].at) > time.Second {
				from = list[i-1].filled
			}
			for j := i; j < len(list); j++ {
				granted := list[j].granted - list[i-1].granted
				most := meter.Units(list[i].rate*300)*meter.Unit + list[j].filled - from
				if reads {
					most += 3 // halves: 9,099 bytes, eventually consistent
				}
				if granted > most {
					t.Fatalf("seed %d, lane %d: %s in %s, want at most %s", seed, lane, granted, list[j].at.Sub(list[i].at), most)
				}
			}
		}
		if empty {
			t.Errorf("seed %d, lane %d: nothing was granted", seed, lane)
		}
	}
}
