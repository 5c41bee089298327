package capacity

// preset is a run that has something to tell, with what it is about in a
// paragraph. What comes of it is not told here: that is for the run to show.
type preset struct {
	name, title, about string
	knobs              knobs
	at                 int // the minute it opens at
}

// firstKnobs are the knobs that presets begin with.
var firstKnobs = knobs{
	writes: 1000, shape: "rush", keys: "hot", hot: 38, size: 1900, billing: "provisioned", target: 70, start: 400, least: 200, most: 4000, seed: 1,
}

func with(change func(*knobs)) knobs {
	k := firstKnobs
	change(&k)
	return k
}

// presets are the runs that the page offers; it opens with the first.
var presets = []preset{
	{
		"partition", "A hot partition", "One key in a thousand gets 38 % of all writes, of two units each. Its partition has to carry them together with a quarter of all others, " +
			"and no partition takes more than 1,000 write units a second, whatever the table has. One that is asked for too much for five minutes is split.",
		firstKnobs, 47,
	},
	{
		"key", "A key too hot", "The same hour with fewer writes, but 72 % of them for one key. A split moves the other keys of its partition elsewhere; " +
			"the key itself stays in one partition, which has the same limit as before.",
		with(func(k *knobs) { k.writes, k.hot = 800, 72 }), 47,
	},
	{
		"doubles", "Load doubles", "Twenty minutes of steady use at the target, then twice as much. Auto scaling looks at whole minutes and wants two above the target; " +
			"what is above the line until then is paid for with what the table has saved.",
		with(func(k *knobs) { k.keys, k.shape, k.writes, k.start = "uniform", "doubles", 600, 860 }), 24,
	},
	{
		"quiet", "A quiet hour", "A steady load at a fifth of what is provisioned. The low alarm wants fifteen minutes in a row below four fifths of the target, " +
			"and capacity goes down to what the busiest of these used.",
		with(func(k *knobs) {
			k.keys, k.shape, k.writes, k.size, k.start, k.least = "uniform", "steady", 60, 743, 300, 5
		}), 30,
	},
	{
		"demand", "On demand doubles", "Nothing is provisioned. A table on demand takes up to twice its previous peak at once, and no less than its warm throughput: here 4,000 writes a second. " +
			"Writes of five units each begin at 3,000 units a second, and double after twenty minutes.",
		with(func(k *knobs) {
			k.billing, k.keys, k.shape, k.writes, k.size = "demand", "uniform", "doubles", 1200, 4900
		}), 50,
	},
	{
		"index", "An index holds it back", "The table scales; its index keeps the 300 write units a second that somebody once gave it. Every write changes both, " +
			"and one that the index has no capacity for is refused for the table too.",
		with(func(k *knobs) { k.keys, k.writes, k.index = "uniform", 400, 300 }), 40,
	},
	{
		"time", "Time as the key", "Every minute has a partition key of its own, and all writes are for the present one: one partition works, and the others wait. " +
			"At 1,400 units a second no other partition can help.",
		with(func(k *knobs) { k.keys, k.writes = "ordered", 700 }), 36,
	},
	{
		"day", "A day", "A shop’s day: least at four in the morning, most at eight in the evening, a quarter of an hour in each column. " +
			"Capacity follows the load up within minutes, and down with a delay, and DynamoDB allows only so many decreases a day.",
		with(func(k *knobs) {
			k.keys, k.shape, k.writes, k.size, k.start, k.least = "uniform", "day", 12, 9900, 60, 10
		}), 23 * 60,
	},
}

// presetNamed finds a preset; the first where there is none of that name.
func presetNamed(name string) preset {
	for _, p := range presets {
		if p.name == name {
			return p
		}
	}
	return presets[0]
}
