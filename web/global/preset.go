package global

import (
	"embed"
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine/scenario"
)

// presetNames are the runs that one press plays, in the order of the page. Each
// is a scenario in the folder presets: its first paragraph says what it shows.
// The line "REPLICAS Table" in it stands for the requests that make the table
// global, which differ with the consistency between regions.
var presetNames = []string{
	"lost-update", "delete-update", "counter", "condition", "uniqueness", "read-your-write", strongPreset,
}

// strongPreset is the one about multi-Region strong consistency.
const strongPreset = "strong"

//go:embed presets/*.md
var presetFiles embed.FS

// preset is a scenario and what its header says about how to show it.
type preset struct {
	name  string // "" for a run out of a link
	doc   *scenario.Document
	about string
	zero  time.Time // where the instants shown count from: what is before it prepares
	at    time.Duration
	speed string
}

// settings are what a run is begun with, besides its scenario.
type settings struct {
	seed   uint64 // 0 for the scenario's own
	strong bool
}

// defaultMode reports whether a preset is about strong consistency.
func defaultMode(name string) bool { return strings.Contains(presetText(name), "\nx-mode: strong\n") }

func presetText(name string) string {
	text, err := presetFiles.ReadFile("presets/" + name + ".md")
	if err != nil {
		return ""
	}
	return string(text)
}

// openPreset reads a preset for a mode.
func openPreset(name string, s settings) (*preset, error) {
	return openText(name, inMode(presetText(name), s.strong), s.seed)
}

// openText reads a scenario.
func openText(name, text string, seed uint64) (*preset, error) {
	doc, err := scenario.Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	if seed != 0 {
		doc.Seed = seed
	}
	p := &preset{name: name, doc: doc, speed: doc.Extra.Get("x-speed"), zero: doc.Options().Start}
	if zero, err := time.Parse(time.RFC3339Nano, doc.Extra.Get("x-zero")); err == nil {
		p.zero = zero
	}
	if at, err := time.ParseDuration(doc.Extra.Get("x-at")); err == nil {
		p.at = at
	}
	for _, b := range doc.Blocks {
		if b.Kind == scenario.Prose {
			p.about = strings.Join(strings.Fields(b.Text), " ")
			break
		}
	}
	return p, nil
}

// strongRegions are the regions that stand for those of the presets where the
// table is strongly consistent: it can only be so within one set of regions.
var strongRegions = strings.NewReplacer("eu-west-1", "us-east-2", "ap-south-1", "us-west-2")

// inMode writes the requests that make a preset's table global, and moves it to
// regions where it can be as is wanted.
func inMode(text string, strong bool) string {
	before, rest, found := strings.Cut(text, "REPLICAS ")
	if !found {
		return text
	}
	table, after, _ := strings.Cut(rest, "\n")
	text = before + replicaRequests(table, strong) + after
	if strong {
		text = strongRegions.Replace(text)
	}
	return text
}

// replicaRequests make a table global: one replica at a time, or strongly
// consistent with both at once.
func replicaRequests(table string, strong bool) string {
	create := func(region string) string { return "{ Create: { RegionName: " + strconv.Quote(region) + " } }" }
	request := func(replicas, mode string) string {
		return "UpdateTable {\n  TableName: " + strconv.Quote(table) + ", ReplicaUpdates: [" + replicas + "]" + mode + "\n}\n"
	}
	body := request(create("eu-west-1"), "") + "\n" + request(create("ap-south-1"), "")
	if strong {
		body = request(create("eu-west-1")+", "+create("ap-south-1"), `, MultiRegionConsistency: "STRONG"`)
	}
	return "```dynamodb\n" + body + "```\n"
}

// asks are the requests that a scenario puts into the regions' boxes.
func (p *preset) asks() map[string]string {
	m := map[string]string{}
	for _, b := range p.doc.Blocks {
		if region := b.Attributes.Get("region"); b.Kind == scenario.View && region != "" {
			m[region] = b.Text
		}
	}
	return m
}
