using System.Reflection;

namespace GeoEvents.Hosting;

/// <summary>What every address has in common: its place in the OpenAPI document, and refusal of query parameters it does not know.</summary>
public static class Endpoints
{
    /// <summary>Workspaces: lower-case letters, digits and hyphens. Any other text is no address at all.</summary>
    public const string WorkspaceRoute = "/api/v1/{workspace:regex(^[a-z0-9][a-z0-9-]{{0,62}}$)}";

    public static RouteHandlerBuilder Says(this RouteHandlerBuilder endpoint, string summary, string description) =>
        endpoint.WithSummary(summary).WithDescription(description);

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint) where T : notnull => endpoint.Accepts<T>("application/json");

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, string summary, string description) where T : notnull =>
        endpoint.Takes<T>().Says(summary, description);

    /// <summary>Refuses a query parameter that no handler parameter is named for, or that is given twice.</summary>
    public static EndpointFilterDelegate RefuseUnknownParameters(EndpointFilterFactoryContext context, EndpointFilterDelegate next)
    {
        var known = context.MethodInfo.GetParameters()
            .SelectMany(p => p.GetCustomAttribute<AsParametersAttribute>() is null
                ? [p.Name!]
                : p.ParameterType.GetProperties().Select(q => q.Name))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return invocation =>
        {
            foreach (var (name, values) in invocation.HttpContext.Request.Query)
            {
                if (!known.Contains(name))
                {
                    throw new InvalidRequestException(FieldProblem.In(name, "unknown-parameter", "This address takes no such parameter."));
                }

                if (values.Count > 1)
                {
                    throw new InvalidRequestException(FieldProblem.In(name, "repeated", "The parameter is given twice."));
                }
            }

            return next(invocation);
        };
    }
}
