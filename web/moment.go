package web

import (
	"errors"
	"strconv"

	"github.com/sortkey/sortkey/engine"
)

// moment is one state that a workspace has been in: the step that led to it,
// and the engine as it was then. Engines of moments are never changed; what
// happens next happens to a fork. So undo, redo and going anywhere are a
// change of pointer, and every state stays reachable, also the ones that were
// undone and then left for another way.
type moment struct {
	id     int     // position in workspace.moments
	parent *moment // nil for the first
	next   *moment // where redo goes: the child last been in
	step   engine.Step
	ticks  bool           // the step is ticks of a clock that runs
	engine *engine.Engine // nil until asked for, where it is old or was loaded
}

// maxForks is how many moments keep their engine; older ones are found again
// by running the steps that led to them.
const maxForks = 400

// begin makes the first moment of a workspace.
func (ws *workspace) begin(e *engine.Engine) {
	ws.moments = []*moment{{engine: e}}
	ws.at, ws.engine = ws.moments[0], e
}

// enter records the state that a step has led to.
func (ws *workspace) enter(step engine.Step, e *engine.Engine) {
	m := &moment{id: len(ws.moments), parent: ws.at, step: step, engine: e}
	ws.moments = append(ws.moments, m)
	if i := len(ws.moments) - maxForks; i > 0 {
		ws.moments[i].engine = nil
	}
	ws.at.next = m
	ws.at, ws.engine = m, e
	ws.journal, ws.due, ws.linked = step.Append(ws.journal), true, false
}

// step does something to the simulation that is no request, and lists it. What
// the engine refuses leaves everything as it was.
func (ws *workspace) step(step engine.Step, as entry) error {
	next := ws.engine.Fork()
	if _, err := next.Step(step); err != nil {
		return err
	}
	ws.enter(step, next)
	as.now = next.Now()
	ws.note(as)
	return nil
}

// state is the engine of a moment, made again where it was let go of: by the
// steps from the nearest moment before it that has one.
func (ws *workspace) state(m *moment) (*engine.Engine, error) {
	var steps []engine.Step
	from := m
	for from.engine == nil {
		steps = append(steps, from.step)
		if from.parent == nil {
			return nil, errors.New("this workspace has lost its beginning")
		}
		from = from.parent
	}
	if len(steps) == 0 {
		return m.engine, nil
	}
	e := from.engine.Fork()
	for i := len(steps) - 1; i >= 0; i-- {
		if _, err := e.Step(steps[i]); err != nil {
			return nil, err
		}
	}
	m.engine = e
	return e, nil
}

// goTo puts the workspace into the state of a moment.
func (ws *workspace) goTo(m *moment) error {
	e, err := ws.state(m)
	if err != nil {
		return err
	}
	for c := m; c.parent != nil; c = c.parent {
		c.parent.next = c
	}
	ws.at, ws.engine = m, e
	ws.journal, ws.due = appendGoTo(ws.journal, m.id), true
	return nil
}

// undo goes back to the moment before this one.
func (ws *workspace) undo() (*moment, error) {
	left := ws.at
	if left.parent == nil {
		return nil, errors.New("there is nothing to undo")
	}
	if err := ws.goTo(left.parent); err != nil {
		return nil, err
	}
	ws.at.next = left
	return left, nil
}

// redo goes to the moment that was undone last.
func (ws *workspace) redo() (*moment, error) {
	next := ws.at.next
	if next == nil {
		return nil, errors.New("there is nothing to redo")
	}
	beyond := next.next
	if err := ws.goTo(next); err != nil {
		return nil, err
	}
	next.next = beyond
	return next, nil
}

// path lists the moments that led to the present one, the first left out.
func (ws *workspace) path() []*moment {
	var list []*moment
	for m := ws.at; m.parent != nil; m = m.parent {
		list = append(list, m)
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// holds reports whether the present state came by way of the moment.
func (ws *workspace) holds(m *moment) bool {
	for c := ws.at; c != nil; c = c.parent {
		if c == m {
			return true
		}
		if c.id < m.id {
			return false // parents come before their children
		}
	}
	return false
}

// words says what led to a moment.
func (m *moment) words() string {
	switch {
	case m.parent == nil:
		return "the beginning"
	case m.step.Set.Name != "":
		return "set " + m.step.Set.Name + " " + m.step.Set.Value
	case m.step.Call.Hold != "":
		return "hold " + m.step.Call.Hold + " open"
	case m.step.Commit != "":
		return "commit " + m.step.Commit
	case m.step.Cancel != "":
		return "cancel " + m.step.Cancel
	case m.step.Split.Table != "":
		return "split " + m.step.Split.Table + " " + strconv.Itoa(m.step.Split.Partition)
	case m.step.Load.Name != "":
		return "start the load " + m.step.Load.Name
	case m.step.Stop.Name != "":
		return "stop the load " + m.step.Stop.Name
	case m.step.Link.From != "":
		return m.step.Link.String()
	case m.step.Region.Region != "":
		return m.step.Region.String()
	case m.step.Peer.What != "":
		return m.step.Peer.What + " " + m.step.Peer.Peer
	case !m.step.Advance.IsZero():
		return "clock to " + m.step.Advance.Format("15:04:05")
	}
	return engine.Operation(m.step.Call.Target)
}
