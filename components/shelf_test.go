package components

import (
	"strings"
	"testing"
)

func TestShelf(t *testing.T) {
	bad := `<img src=x onerror=alert(1)>"`
	d := Desk{Workspaces: []Workspace{{ID: "w2", Title: bad, When: "22 Nov, 09:41", Current: true}, {ID: "w1", Title: "First"}}}
	html := render(t, ShelfUpdate(d))
	if strings.Contains(html, "<img") {
		t.Error("a title is markup")
	}
	for _, want := range []string{
		`hx-target="#shelf"`, `hx-post="desk/workspace/w2" aria-current="true"`, `hx-post="desk/delete/w1"`,
		"Delete “First” for good", "On the desk",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the menu lacks %s", want)
		}
	}
	if strings.Count(html, "aria-current") != 1 {
		t.Error("one workspace is on the desk")
	}
	if html = render(t, ShelfUpdate(Desk{})); !strings.Contains(html, "Nothing is stored yet") {
		t.Error("an empty shelf says nothing")
	}
	if html = render(t, DeskMain(Desk{Fixed: true, Outcome: Outcome{Blank: &Blank{}}})); strings.Contains(html, "workspaces") {
		t.Error("a host’s engine has no shelf")
	}
}
