package api

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics count requests by template, method and status: nothing that a caller chooses becomes a label.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	badKeys  *prometheus.CounterVec
	accepted *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "docket_http_requests_total", Help: "Requests by route, method and status.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "docket_http_request_duration_seconds", Help: "Time to answer, by route.", Buckets: prometheus.DefBuckets,
		}, []string{"route"}),
		badKeys: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "docket_http_bad_keys_total", Help: "Requests without an API key or with an unknown one.",
		}, []string{"why"}),
		accepted: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "docket_requests_accepted_total", Help: "Data-subject requests accepted, by channel and whether this process starts the workflow or leaves it to a relay.",
		}, []string{"channel", "starts"}),
	}
	m.registry.MustRegister(m.requests, m.duration, m.badKeys, m.accepted, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, known(method), strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(route).Observe(took.Seconds())
}
