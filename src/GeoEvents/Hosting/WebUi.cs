using Microsoft.Extensions.FileProviders;

namespace GeoEvents.Hosting;

/// <summary>Serves the pages of <c>src/web</c> from the origin of the API, under a policy that lets nothing run that is not a file of this origin.</summary>
public static class WebUi
{
    /// <summary>Setting: where the built files are, if not in <see cref="DefaultFolder"/> beside the service.</summary>
    public const string FolderSetting = "Web:Folder";

    private const string DefaultFolder = "web";
    private const string Assets = "/assets";
    private const string Pages = "/w";

    /// <summary>
    /// No inline script, no inline style, no text that becomes markup or the address of a script but through the two named policies (that of the framework for its
    /// templates, and that of the application for its workers), no other origin, no frame around it.
    /// </summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
        + "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types svelte-trusted-html geoevents";

    /// <summary>Maps <c>/</c>, <c>/w/…</c> and <c>/assets/…</c>. Without built files, <c>/</c> leads to the description of the API.</summary>
    public static void MapWebUi(this WebApplication app)
    {
        var folder = app.Configuration[FolderSetting] is { Length: > 0 } set ? Path.GetFullPath(set) : Path.Combine(AppContext.BaseDirectory, DefaultFolder);
        if (!File.Exists(Path.Combine(folder, "index.html")))
        {
            app.MapGet("/", () => Results.Redirect("/docs")).ExcludeFromDescription();
            return;
        }

        var files = new PhysicalFileProvider(folder);
        app.UseWhen(http => http.Request.Path.StartsWithSegments(Assets), assets =>
        {
            assets.UseResponseCompression();
            assets.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = files,
                // The name of a file that is built holds a digest of its content.
                OnPrepareResponse = answer => Secure(answer.Context.Response.Headers).CacheControl =
                    IsNamedByContent(answer.File.Name) ? "public, max-age=31536000, immutable" : "no-cache",
            });
        });

        // Which page an address means is for the page to say.
        foreach (var route in new[] { "/", Pages, Pages + "/{**page}" })
        {
            app.MapGet(route, (HttpContext http) =>
            {
                var headers = Secure(http.Response.Headers);
                headers.ContentSecurityPolicy = Policy;
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
                headers.CacheControl = "no-cache";
                return Results.File(Path.Combine(folder, "index.html"), "text/html; charset=utf-8");
            }).ExcludeFromDescription();
        }
    }

    private static IHeaderDictionary Secure(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return headers;
    }

    private static bool IsNamedByContent(string name) => Path.GetFileNameWithoutExtension(name) is var stem && stem.LastIndexOf('-') is > 0 and var at && stem.Length - at > 8;
}
