package api

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/privacy-docket/docket/web"
)

// console serves the staff console under /console/, and leads there from the bare address.
func console(router *gin.Engine) error {
	pages, err := web.Handler()
	if err != nil {
		return fmt.Errorf("open the console: %w", err)
	}
	screens := gin.WrapH(pages)
	home := func(c *gin.Context) { c.Redirect(http.StatusSeeOther, web.Prefix) }
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		router.Handle(method, web.Prefix+"*screen", screens)
		router.Handle(method, "/", home)
		router.Handle(method, "/console", home)
	}
	return nil
}
