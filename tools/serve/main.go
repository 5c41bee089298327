// Command serve is Sortkey on this machine: the page and the DynamoDB API on
// one port.
//
//	go run ./tools/serve -addr 127.0.0.1:8000
//
// GET / is the page for a browser and DynamoDB's health text for others, POST /
// is the API, and /desk/ is the page's own traffic when its switch points at
// this server's engine instead of the tab's. Data lives in memory, but for
// scenarios that were shared: those are files in the folder that -share names.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/tools/port"
)

// graceful is how long requests under way may take after a signal to stop.
const graceful = 3 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "serve:", err)
		}
		os.Exit(1)
	}
}

// config is what the command line decides.
type config struct {
	addr    string
	region  string
	dist    string
	share   string
	hosts   list
	origins list
	keys    keys

	settings engine.Settings
}

// list is a flag that may be given several times and may hold commas.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			*l = append(*l, part)
		}
	}
	return nil
}

// replicationDelay is how long global tables take here to replicate, unless a
// flag says otherwise: as the service, under a second.
const replicationDelay = 300 * time.Millisecond

func parseFlags(args []string, stderr io.Writer) (config, error) {
	c := config{keys: keys{}}
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8000", "address to listen on; port 0 picks a free one")
	flags.StringVar(&c.region, "region", "us-east-1", "region of the health text and of requests that name none")
	flags.StringVar(&c.dist, "dist", "dist", "folder with the page, as tools/site builds it")
	flags.StringVar(&c.share, "share", filepath.Join(".cache", "shared"), "folder that keeps what is shared by short links; empty for none")
	flags.Var(&c.hosts, "allow-host", "further host names to answer to; * for all (lists and repetition allowed)")
	flags.Var(&c.origins, "allow-origin", "origins whose pages may call the API, such as http://localhost:3000; * for all")
	checkKeys := c.keys.flags(flags)
	c.settings.ReplicationDelay = replicationDelay
	for _, x := range engine.SettingList() {
		set := func(text string) error { return x.Set(&c.settings, text) }
		if x.IsFlag() {
			flags.BoolFunc(x.Name, x.About, set)
		} else {
			flags.Func(x.Name, x.About, set)
		}
	}
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return c, checkKeys()
}

// run serves until ctx is done. It prints one line with the URL to stdout when
// the port is open.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c, err := parseFlags(args, stderr)
	if err != nil {
		return err
	}
	listener, err := listen(c.addr)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	server := port.New(newHandler(c, log), slog.NewLogLogger(log.Handler(), slog.LevelWarn))
	if !hasPage(c.dist) {
		log.Warn("no page: run `make site` first; the DynamoDB API is served all the same", "dist", c.dist)
	}
	fmt.Fprintf(stdout, "Sortkey is ready: %s (page and DynamoDB API, %s)\n", urlOf(listener.Addr()), c.region)

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.Background(), graceful)
	defer cancel()
	server.Shutdown(ctx) // what still hangs after that long is cut off
	return nil
}

func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program; choose another port with -addr, for example -addr 127.0.0.1:8001", addr)
	}
	return listener, err
}

// urlOf is the address to type; loopback goes by its name.
func urlOf(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && (ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
