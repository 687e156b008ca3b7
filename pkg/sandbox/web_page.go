package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"provision/pkg/sandbox/wire"
)

// welcome is what nginx shows by default.
const welcome = `<!DOCTYPE html>
<html>
<head><title>Welcome to nginx!</title></head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and working.</p>
</body>
</html>
`

// webPage is what the instance's web server answers.
func (i *instance) webPage(req *http.Request) *wire.Reply {
	switch {
	case req.Method != http.MethodGet && req.Method != http.MethodHead:
		return nginxPage(http.StatusMethodNotAllowed)
	case !i.hasPath(req.URL.Path) && req.URL.Path != "":
		return nginxPage(http.StatusNotFound)
	default:
		return page200("nginx/1.28.0", welcome)
	}
}

func page200(server, body string) *wire.Reply { return htmlReply(http.StatusOK, server, body) }

// nginxPage is how nginx shows an error.
func nginxPage(status int) *wire.Reply { return errorPage(status, "nginx/1.28.0") }

// balancerPage is how a load balancer shows an error of its own.
func balancerPage(status int) *wire.Reply { return errorPage(status, "awselb/2.0") }

func errorPage(status int, server string) *wire.Reply {
	text := strconv.Itoa(status) + " " + http.StatusText(status)
	if status == http.StatusServiceUnavailable {
		text = "503 Service Temporarily Unavailable"
	}
	body := fmt.Sprintf("<html>\r\n<head><title>%s</title></head>\r\n"+
		"<body>\r\n<center><h1>%s</h1></center>\r\n</body>\r\n</html>\r\n", text, text)
	return htmlReply(status, server, body)
}

func htmlReply(status int, server, body string) *wire.Reply {
	return &wire.Reply{Status: status, Header: http.Header{"Content-Type": {"text/html"}, "Server": {server}}, Body: []byte(body)}
}

func (f *fixedResponse) answer() *wire.Reply {
	status, err := strconv.Atoi(f.StatusCode)
	if err != nil {
		return balancerPage(http.StatusInternalServerError)
	}
	header := http.Header{"Content-Type": {f.ContentType}, "Server": {"awselb/2.0"}}
	return &wire.Reply{Status: status, Header: header, Body: []byte(f.Body)}
}

// answer sends the client to the redirect's target. The load balancer always writes the port.
func (to *redirect) answer(req *http.Request, port int) *wire.Reply {
	name, _ := webAddress(req)
	scheme := "http"
	if encrypted(req) {
		scheme = "https"
	}
	fill := strings.NewReplacer(
		"#{protocol}", scheme, "#{host}", name, "#{port}", strconv.Itoa(port),
		"#{path}", strings.TrimPrefix(req.URL.Path, "/"), "#{query}", req.URL.RawQuery,
	)
	location := strings.ToLower(fill.Replace(to.Protocol)) + "://" + fill.Replace(to.Host) + ":" + fill.Replace(to.Port) +
		fill.Replace(to.Path)
	if query := fill.Replace(to.Query); query != "" {
		location += "?" + query
	}
	status := http.StatusFound
	if to.StatusCode == "HTTP_301" {
		status = http.StatusMovedPermanently
	}
	r := balancerPage(status)
	r.Header.Set("Location", location)
	return r
}
