namespace GeoEvents.Hosting;

/// <summary>Keeps web pages of other sites from writing through the browser of somebody on this machine.</summary>
public static class SameSite
{
    public static Task RefuseCrossSiteWrites(HttpContext http, RequestDelegate next) =>
        HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
            || http.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            ? next(http)
            : throw new RefusedException("cross-site", "A page of another site may not write here.", StatusCodes.Status403Forbidden);
}
