package api

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/seal"
)

// plain registers what operators and Temporal's page use.
func (s *server) plain(router *gin.Engine) {
	router.GET("/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "ok"}) })
	router.GET("/readyz", s.ready)
	router.GET("/metrics", gin.WrapH(promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})))
	router.GET("/:tenant/calendar/:file", s.calendarFile)
	if s.Codec == nil {
		return
	}
	codec := gin.WrapH(http.StripPrefix("/codec", seal.CodecHandler(s.Codec, s.CodecOrigins, s.mayDecode)))
	for _, path := range []string{"/codec/decode", "/codec/encode"} {
		router.POST(path, codec)
		router.OPTIONS(path, codec)
	}
}

// readyTime bounds the question to each server.
const readyTime = 2 * time.Second

// ready names what is down. Temporal down is no reason to take no requests, so it alone does not make the API unready.
func (s *server) ready(c *gin.Context) {
	parts := map[string]string{}
	status := http.StatusOK
	for _, part := range []struct {
		name   string
		needed bool
		ask    func(context.Context) error
	}{{"register", true, s.db.Ping}, {"objects", false, s.Objects.Ping}, {"temporal", false, s.engine.Reach}} {
		ctx, cancel := context.WithTimeout(c.Request.Context(), readyTime)
		err := part.ask(ctx)
		cancel()
		parts[part.name] = "up"
		if err == nil {
			continue
		}
		parts[part.name] = "down"
		s.Log.Warn("a server is down", zap.String("part", part.name), zap.Error(err))
		if part.needed {
			status = http.StatusServiceUnavailable
		}
	}
	c.Header("Content-Type", jsonType)
	c.Status(status)
	_ = json.NewEncoder(c.Writer).Encode(parts) // a caller who has gone cannot be told
}

var errNoCodec = errors.New("an administrator's key of the tenant that operates the installation is needed, without scopes")

// mayDecode lets administrators of the operating tenant read histories, which are every tenant's, and on a local stack whoever sits at
// the machine. A request that came through a proxy is not from this machine, whatever address it came from; neither is one that
// a browser sent here because a stranger's name was made to point here.
func (s *server) mayDecode(r *http.Request) error {
	if s.CodecLoopback && r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == "" && loopback(r.RemoteAddr) && loopback(r.Host) {
		return nil
	}
	address, _, err := net.SplitHostPort(r.RemoteAddr) // the port is another with each connection
	if err != nil {
		address = r.RemoteAddr
	}
	who, err := s.identify(r.Context(), r.Header.Get("Authorization"), address, false)
	if err != nil {
		return err
	}
	if who.role != Admin || !who.tenant.Operates || len(who.key.Scopes) > 0 {
		return errNoCodec
	}
	return nil
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && (host == "localhost" || net.ParseIP(host).IsLoopback())
}
