// Command site builds everything static into a folder that any web server can
// serve under any path: the page, the engine as WebAssembly, scripts and styles,
// each also compressed.
//
//	go run ./tools/site -out dist
//
// Files under assets/ carry a hash of their content in their names, so they can
// be cached for ever; index.html names them. Wherever it is smaller, a file has
// .br and .gz neighbours.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	var b build
	out := flag.String("out", "dist", "folder to write; what is there is replaced")
	flag.StringVar(&b.root, "root", ".", "the repository")
	flag.StringVar(&b.cache, "cache", filepath.Join(".cache", "site"), "folder that keeps compressed files between builds")
	flag.StringVar(&b.base, "base", "/", "path that the site will lie under on its host; only 404.html needs to know")
	flag.BoolVar(&b.fast, "fast", false, "compress quickly instead of well and keep the names of functions, for work on this machine")
	edge := flag.String("edge", "", "folder to write the Cloudflare Worker of wasm/edge to, from the site in -out, which is left as it is")
	quiet := flag.Bool("quiet", false, "print no sizes")
	flag.Parse()

	start := time.Now()
	if *edge != "" {
		if err := b.edge(*out, *edge); err != nil {
			fmt.Fprintln(os.Stderr, "site:", err)
			os.Exit(1)
		}
		fmt.Printf("built %s in %.1f s\n", *edge, time.Since(start).Seconds())
		return
	}
	report, err := b.run(*out)
	if err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
	if !*quiet {
		report.print(os.Stdout)
	}
	fmt.Printf("built %s in %.1f s\n", *out, time.Since(start).Seconds())
}
