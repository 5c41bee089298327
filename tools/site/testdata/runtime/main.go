// Command runtime asks of Go's runtime what it looks up in the table of functions:
// TestStripped runs it with the whole table and with the stripped one.
package main

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
)

func main() {
	fmt.Println("depth", depth(&node{value: 1}, 20_000))
	fmt.Println("workers", workers(50), "left", left())
	fmt.Println("bounds", caught(func() { fmt.Println([]int{1}[len(os.Args)+1]) }))
	fmt.Println("map", caught(func() { map[string]int(nil)["x"] = 1 }))
	fmt.Println("error", caught(func() { panic(errors.New("own")) }))
	fmt.Println("nested", caught(func() { defer func() { panic("second") }(); panic("first") }))
	fmt.Println("nil value", caught(func() { fmt.Println(nobody.size()) }))
	fmt.Println("not by a helper", caught(func() { defer func() { inlined() }(); panic("passed on") }))
	fmt.Println("by a method", func() (err any) { defer (&catcher{&err}).catch(); panic("method") }())
	fmt.Println("made", made()(&node{value: 20}, 22))
	fmt.Println("method value", reflect.ValueOf(&node{value: 6}).MethodByName("Times").Interface().(func(int) *node)(7).value)
	os.Stderr.Write(debug.Stack())
}

type node struct {
	value int
	next  *node
}

// depth goes deep with pointers on the stack, which grows, moves and is scanned.
func depth(n *node, more int) int {
	if more == 0 {
		runtime.GC()
		return n.value
	}
	own := &node{value: n.value + 1, next: n}
	sum := depth(own, more-1)
	return sum + own.next.value - n.value
}

// workers hands numbers through goroutines, collecting garbage in between.
func workers(count int) (sum int) {
	in, out := make(chan *node), make(chan *node)
	for range count {
		go func() {
			for n := range in {
				n.next = &node{value: n.value}
				runtime.Gosched()
				out <- n
			}
			out <- nil
		}()
	}
	for i := range count {
		in <- &node{value: i}
		if i%10 == 0 {
			runtime.GC()
		}
	}
	close(in)
	for ended := 0; ended < count; {
		if n := <-out; n != nil {
			sum += n.next.value
		} else {
			ended++
		}
	}
	return sum
}

// left is the number of goroutines when those of workers have ended.
func left() int {
	for range 100 {
		runtime.Gosched()
	}
	return runtime.NumGoroutine()
}

// caught is what f panics with.
func caught(f func()) (problem any) {
	defer func() { problem = recover() }()
	f()
	return nil
}

// inlined is not called by defer itself, so it must not recover.
func inlined() any { return recover() }

type catcher struct{ problem *any }

func (c catcher) catch() { *c.problem = recover() }

type sizer interface{ size() int }

type value struct{ n int }

func (v value) size() int { return v.n }

var nobody sizer = (*value)(nil)

func (n *node) Times(by int) *node {
	runtime.GC()
	return &node{value: n.value * by}
}

// made is a function that reflect makes: its frame has no stack map of its own.
func made() func(*node, int) int {
	var f func(*node, int) int
	add := func(args []reflect.Value) []reflect.Value {
		runtime.GC()
		return []reflect.Value{reflect.ValueOf(args[0].Interface().(*node).value + int(args[1].Int()))}
	}
	reflect.ValueOf(&f).Elem().Set(reflect.MakeFunc(reflect.TypeOf(f), add))
	return f
}
