package share
import ("testing";"strings")
func TestZZ(t *testing.T){ h,_:=fixture(t); p:=string(ask(h,Request{Path:"/s/"+keep(t,h,twoItems)}).Body); i:=strings.Index(p,"<title"); t.Log(p[i:i+900]); i=strings.Index(p,`<div class="oops`); t.Log(p[max(i,0):max(i,0)+1500]) }
