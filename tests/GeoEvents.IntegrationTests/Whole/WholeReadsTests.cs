using System.Reflection;
using GeoEvents.Hosting;
using Microsoft.AspNetCore.Routing.Template;

namespace GeoEvents.IntegrationTests.Whole;

public class WholeReadsTests(GeoEventsHost host)
{
    /// <summary>Streams and files, which are no documents.</summary>
    private static readonly string[] Others = ["relationships/{dyad}/replay", "exports/incidents"];

    /// <summary>So that a new read is pinned, restored and read in the past like all others.</summary>
    [Fact]
    public void Every_read_that_takes_the_axes_is_among_them()
    {
        var routes = (from endpoint in host.Service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                      where endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is ["GET"] && TakesTheAxes(endpoint)
                      select endpoint.RoutePattern.RawText!.Trim('/')[(Endpoints.WorkspaceRoute.Length - 1)..].Trim('/')).Except(Others).ToList();

        routes.Count.ShouldBeGreaterThan(30);
        routes.Where(route => !WholeReads.Documents.Any(read => Matches(route, read))).ShouldBeEmpty();
    }

    private static bool Matches(string route, string read) =>
        new TemplateMatcher(TemplateParser.Parse(route), []).TryMatch($"/{read.Split('?')[0]}", []);

    private static bool TakesTheAxes(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<MethodInfo>() is { } handler
        && handler.GetParameters().Any(p => p.ParameterType.GetProperty(nameof(AsOfQuery.KnownAsOf)) is not null);
}
