using System.Net.Mime;
using System.Reflection;
using System.Security.Cryptography;
using GeoEvents.Hosting;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.AspNetCore.WebUtilities;

namespace GeoEvents.Permalinks;

/// <summary>What a read answered.</summary>
/// <param name="Json">In canonical form (RFC 8785).</param>
public sealed record PinnedContent(byte[] Json)
{
    /// <summary>SHA-256 of the canonical JSON, lower-case hexadecimal.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Json));
}

/// <summary>Pins reads to one point of all three axes, and runs them. Any read that takes the axes can be pinned, with whatever else it takes.</summary>
public sealed class PinnedReads(EndpointDataSource endpoints, AsOfReader asOf, IServiceScopeFactory scopes)
{
    private static readonly string[] Axes = ["validAsOf", "knownAsOf", "method"];

    private readonly Lazy<IReadOnlyList<(TemplateMatcher Matcher, RouteEndpoint Endpoint)>> pinnable = new(() =>
    [
        .. from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is ["GET"] && TakesTheAxes(endpoint) && AnswersADocument(endpoint)
           let pattern = $"/{endpoint.RoutePattern.RawText!.Trim('/')}"
           where pattern.StartsWith(Endpoints.WorkspaceRoute, StringComparison.Ordinal)
           orderby endpoint.RoutePattern.Parameters.Count
           select (new TemplateMatcher(TemplateParser.Parse(pattern), []), endpoint),
    ]);

    /// <summary>The same read with every axis said: an instant, unless it is of all dates, a log position and the name of a method.</summary>
    /// <param name="read">Path and query below the workspace, as in <c>relationships/AZE-RUS?validAsOf=2025-07-02</c>.</param>
    /// <exception cref="InvalidRequestException">There is no such read, or it cannot be pinned.</exception>
    public async Task<string> Pin(string workspace, string read, CancellationToken cancel)
    {
        var (path, query) = Parts(read);
        if (Find(workspace, path) is not { Endpoint: var endpoint })
        {
            throw new InvalidRequestException(FieldProblem.At(
                "/read", "not-pinnable", "Not a read that can be pinned: path and query below the workspace, such as relationships/AZE-RUS?validAsOf=2025-07-02."));
        }

        var asked = new AsOfQuery
        {
            ValidAsOf = query.GetValueOrDefault("validAsOf"),
            KnownAsOf = query.GetValueOrDefault("knownAsOf"),
            Method = query.GetValueOrDefault("method"),
            Mode = query.GetValueOrDefault("mode"),
            OfAllDates = IsOfAllDates(endpoint),
            Request = Request(workspace, path, query).Request,
        };
        var point = query.TryGetValue("after", out var after) && Cursor.Parts(after) is { Length: > AsOf.PartsOfCursor } parts
            ? await asOf.Pinned(workspace, asked, parts[..AsOf.PartsOfCursor], cancel)
            : await asOf.Read(workspace, asked, cancel);
        if (ComparesTwoPoints(endpoint) && !query.ContainsKey("method") && !query.ContainsKey("fromMethod"))
        {
            var from = await asOf.Known(workspace, query.GetValueOrDefault("fromKnownAsOf") ?? $"{point.Known.Position}", cancel);
            query["fromMethod"] = (await asOf.Method(workspace, null, from.Position, cancel)).Id;
        }

        if (!point.AllDates)
        {
            query["validAsOf"] = InstantConverter.Text(point.Valid);
        }

        query.Remove("mode");
        (query["knownAsOf"], query["method"]) = ($"{point.Known.Position}", point.Method.Id);
        return QueryHelpers.AddQueryString(path, query!);
    }

    /// <summary>What a pinned read answers, now as ever.</summary>
    /// <exception cref="InvalidRequestException">The read has a wrong parameter.</exception>
    /// <exception cref="RefusedException">What it reads is not there at that point.</exception>
    public async Task<PinnedContent> Run(string workspace, string read, CancellationToken cancel)
    {
        var (path, query) = Parts(read);
        var (endpoint, values) = Find(workspace, path) ?? throw new InvalidOperationException($"A pinned read is no read any more: {read}");
        await using var scope = scopes.CreateAsyncScope();
        using var body = new MemoryStream();
        var http = Request(workspace, path, query);
        (http.RequestServices, http.RequestAborted, http.Request.RouteValues, http.Response.Body) = (scope.ServiceProvider, cancel, values, body);
        http.SetEndpoint(endpoint);
        await endpoint.RequestDelegate!(http);
        return new PinnedContent(CanonicalJson.Of(body.ToArray()));
    }

    private static DefaultHttpContext Request(string workspace, string path, SortedDictionary<string, string> query)
    {
        var http = new DefaultHttpContext();
        (http.Request.Method, http.Request.Path, http.Request.QueryString) = (HttpMethods.Get, PathOf(workspace, path), QueryString.Create(query!));
        return http;
    }

    private static PathString PathOf(string workspace, string path) => new($"/api/v1/{workspace}/{Uri.UnescapeDataString(path)}");

    private static (string Path, SortedDictionary<string, string> Query) Parts(string read)
    {
        var mark = read.IndexOf('?', StringComparison.Ordinal);
        var query = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in QueryHelpers.ParseQuery(mark < 0 ? "" : read[mark..]))
        {
            query[name] = values.Count == 1
                ? values.ToString()
                : throw new InvalidRequestException(FieldProblem.At("/read", "repeated", $"The parameter '{name}' is given twice."));
        }

        return ((mark < 0 ? read : read[..mark]).Trim('/'), query);
    }

    private (RouteEndpoint Endpoint, RouteValueDictionary Values)? Find(string workspace, string path)
    {
        foreach (var (matcher, endpoint) in pinnable.Value)
        {
            var values = new RouteValueDictionary();
            if (matcher.TryMatch(PathOf(workspace, path), values))
            {
                return (endpoint, values);
            }
        }

        return null;
    }

    /// <summary>Whether it takes a second point, whose method is that of the first if only that is said.</summary>
    private static bool ComparesTwoPoints(RouteEndpoint endpoint) => HandlerOf(endpoint).GetParameters().Any(p => p.Name == "fromMethod");

    /// <summary>Whether it shows all dates as long as it names none, so that none is to be named for it.</summary>
    private static bool IsOfAllDates(RouteEndpoint endpoint) => HandlerOf(endpoint).GetParameters().Any(p => p.ParameterType.IsAssignableTo(typeof(IOfAllDates)));

    /// <summary>Not a file or a stream.</summary>
    private static bool AnswersADocument(RouteEndpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
        .Where(answer => answer.StatusCode == StatusCodes.Status200OK)
        .All(answer => !answer.ContentTypes.Any() || answer.ContentTypes.Contains(MediaTypeNames.Application.Json));

    private static bool TakesTheAxes(RouteEndpoint endpoint) =>
        HandlerOf(endpoint).GetParameters().Any(p => Axes.All(axis => p.ParameterType.GetProperty($"{char.ToUpperInvariant(axis[0])}{axis[1..]}") is not null));

    private static MethodInfo HandlerOf(RouteEndpoint endpoint) => endpoint.Metadata.GetRequiredMetadata<MethodInfo>();
}
