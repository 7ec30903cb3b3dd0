package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"time"
)

type serveCommand struct{}

// Run answers calls until the program is told to stop.
func (serveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	c, err := s.forServing()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.listen)
	if err != nil {
		return fmt.Errorf("LISTEN: %w", err)
	}
	log := c.logger(io.Err)
	a := app{config: c, log: log, now: time.Now, shared: true, listener: l, ready: func() { log.Info("calls are answered", "address", l.Addr().String()) }}
	return a.run(ctx)
}

// logger writes what an operator reads: JSON for a machine, text for a person.
func (c config) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.logLevel)) // the settings were checked
	options := &slog.HandlerOptions{Level: level}
	if c.logFormat == "text" || c.logFormat == "" && isTerminal(w) {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// isTerminal reports whether somebody sits at the other end of a stream: it is a
// character device, and not the one that takes and gives nothing.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	nothing, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, nothing)
}
