package engine

import (
	"fmt"
	"strconv"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// Message is a write as a link carries it from one region to another. Its text
// is one JSON object:
//
//	{"message":7,"epoch":1,"from":"us-east-1","to":"eu-west-1","table":"Albums",
//	 "at":1767225604155000000,"by":"us-east-1","image":{"album":{"S":"hejira"}, …}}
//
// message and epoch number those between two engines and are left out
// elsewhere, as is "after", the number of the message before it, where that is the
// one below; at is the version's time in nanoseconds, as are "over" and "overBy"
// the version that the write replaced. A delete has the key instead of an
// image. With "run" a write stands for several of its region: "over" is what the
// first of them replaced, and each was made over the one before.
type Message struct {
	Number, Epoch uint64
	After         uint64 // what is numbered between this and Number is not wanted any more
	From, To      string
	Table         string
	Key           attr.Map
	Version       Version
	Parent        Version    // zero where the write replaced nothing
	Item          *attr.Item // nil for a delete
	Expired       bool       // the service deleted an expired item
	Initial       bool       // not a write but what was there before
	Run           bool       // Parent is what the first of several writes replaced
}

// Follows reports whether the message comes next for one who has heard everything
// up to a number of an epoch.
func (m *Message) Follows(epoch, heard uint64) bool {
	if m.Epoch != epoch {
		return m.Epoch > epoch && m.After == 0
	}
	return m.After <= heard && heard < m.Number
}

// MaxMessage bounds the text of a message that is read: an item of 400 KB as JSON, with room.
const MaxMessage = 4 << 20

func (m *message) export() Message {
	return Message{
		Number: m.number, Epoch: m.epoch, From: m.from, To: m.to, Table: m.table, Key: m.keys,
		Version: m.version.export(), Parent: m.parent.export(), Item: m.item, Expired: m.service, Initial: m.initial, Run: m.run,
	}
}

// Append appends the message's text to dst: what ReadMessage reads.
func (m Message) Append(dst []byte) []byte {
	e := enc{b: append(dst, '{')}
	if m.Number > 0 {
		e.uint("message", m.Number)
		e.uint("epoch", m.Epoch)
		if m.After+1 != m.Number {
			e.uint("after", m.After)
		}
	}
	e.str("from", m.From)
	e.str("to", m.To)
	e.str("table", m.Table)
	e.int("at", m.Version.At.UnixNano())
	e.str("by", m.Version.Region)
	if m.Parent != (Version{}) {
		e.int("over", m.Parent.At.UnixNano())
		e.str("overBy", m.Parent.Region)
	}
	if m.Expired {
		e.bool("expired", true)
	}
	if m.Initial {
		e.bool("initial", true)
	}
	if m.Run {
		e.bool("run", true)
	}
	if m.Item != nil {
		e.raw("image", m.Item.JSON())
	} else {
		e.item("key", m.Key)
	}
	return append(e.b, '}')
}

// ReadMessage reads the text of a message. What is none is an error.
func ReadMessage(text []byte) (Message, error) {
	var m Message
	if len(text) > MaxMessage {
		return m, fmt.Errorf("message: %d bytes are more than the %d it may have", len(text), MaxMessage)
	}
	line, err := ScanLine(text)
	if err != nil {
		return m, fmt.Errorf("message: %w", err)
	}
	m = Message{From: line["from"], To: line["to"], Table: line["table"], Expired: line["expired"] == "true", Initial: line["initial"] == "true", Run: line["run"] == "true"}
	if line["message"] != "" {
		n := numbers{line: line}
		m.Number, m.Epoch = n.uint("message"), n.uint("epoch")
		m.After = max(m.Number, 1) - 1
		if line["after"] != "" {
			m.After = min(n.uint("after"), m.After)
		}
		if n.err != nil {
			return m, fmt.Errorf("message: %w", n.err)
		}
	}
	if m.Version, err = readVersion(line["at"], line["by"]); err != nil {
		return m, err
	}
	if line["over"] != "" {
		if m.Parent, err = readVersion(line["over"], line["overBy"]); err != nil {
			return m, err
		}
	}
	if err := m.readImage(line); err != nil {
		return m, fmt.Errorf("message: %w", err)
	}
	if !ValidRegion(m.From) || !ValidRegion(m.To) || !validName(m.Table) || len(m.Table) > 255 || m.Parent != (Version{}) && !m.Parent.Before(m.Version) {
		return m, fmt.Errorf("message: it names no two regions, a table and a version after the one that was replaced")
	}
	return m, nil
}

func (m *Message) readImage(line map[string]string) error {
	text, deletes := line["image"], false
	if text == "" {
		text, deletes = line["key"], true
	}
	image, err := readImage(text)
	if err != nil {
		return err
	}
	if image.Size() > maxItem {
		return fmt.Errorf("an item of more than 400 KB")
	}
	if deletes {
		m.Key = image
	} else {
		m.Item = attr.NewItem(image)
	}
	return nil
}

// readVersion reads a version; regions are any name that the engine could have
// given one.
func readVersion(at, by string) (Version, error) {
	n, err := strconv.ParseInt(at, 10, 64)
	if err != nil || n < 0 || !ValidRegion(by) {
		return Version{}, fmt.Errorf("message: a version is a time in nanoseconds and a region")
	}
	return Version{time.Unix(0, n).UTC(), by}, nil
}
