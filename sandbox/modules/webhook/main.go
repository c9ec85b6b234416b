// Webhook records what is posted to it and gives it back: a receiver of alerts for tests.
//
//	POST   /  keeps the body, and when it arrived; the oldest go when there are too many
//	GET    /  the messages as a JSON list of {"time", "path", "body"}, oldest first
//	DELETE /  forgets them
//	GET    /metrics  how many requests there were, for Prometheus
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	mostMessages = 1000
	longestBody  = 256 << 10
)

type message struct {
	Time time.Time `json:"time"`
	Path string    `json:"path"`
	// The body itself when it is JSON, else a string of it.
	Body json.RawMessage `json:"body"`
}

type recorder struct {
	lock     sync.Mutex
	messages []message
	requests atomic.Int64
}

func (r *recorder) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	count := r.requests.Add(1)
	if request.URL.Path == "/metrics" {
		answer.Header().Set("Content-Type", "text/plain; version=0.0.4")
		fmt.Fprintf(answer, "# TYPE http_requests_total counter\nhttp_requests_total %d\n", count)
		return
	}
	switch request.Method {
	case http.MethodPost:
		body, err := io.ReadAll(http.MaxBytesReader(answer, request.Body, longestBody))
		if err != nil {
			http.Error(answer, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		r.keep(message{time.Now().UTC(), request.URL.Path, asJSON(body)})
		answer.WriteHeader(http.StatusNoContent)
	case http.MethodGet, http.MethodHead:
		answer.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(answer).Encode(r.all()); err != nil {
			log.Print(err)
		}
	case http.MethodDelete:
		r.forget()
		answer.WriteHeader(http.StatusNoContent)
	default:
		answer.Header().Set("Allow", "GET, HEAD, POST, DELETE")
		http.Error(answer, "method not allowed", http.StatusMethodNotAllowed)
	}
}

func (r *recorder) keep(one message) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.messages = append(r.messages, one)
	if extra := len(r.messages) - mostMessages; extra > 0 {
		r.messages = append([]message(nil), r.messages[extra:]...)
	}
}

func (r *recorder) all() []message {
	r.lock.Lock()
	defer r.lock.Unlock()
	return append([]message{}, r.messages...)
}

func (r *recorder) forget() {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.messages = nil
}

func asJSON(body []byte) json.RawMessage {
	if json.Valid(body) {
		return body
	}
	// A string is always encodable.
	text, _ := json.Marshal(string(body))
	return text
}

func main() {
	address := ":8080"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	server := &http.Server{Addr: address, Handler: &recorder{}, ReadTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}
