using System.Reflection;

namespace GeoEvents.Hosting;

/// <summary>What every address has in common: its place in the OpenAPI document, and refusal of query parameters it does not know.</summary>
public static class Endpoints
{
    /// <summary>Workspaces: lower-case letters, digits and hyphens. Any other text is no address at all.</summary>
    public const string WorkspaceRoute = "/api/v1/{workspace:workspace}";

    public static RouteHandlerBuilder Says(this RouteHandlerBuilder endpoint, string summary, string description) =>
        endpoint.WithSummary(summary).WithDescription(description);

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint) where T : notnull => endpoint.Accepts<T>("application/json");

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, string summary, string description) where T : notnull =>
        endpoint.Takes<T>().Says(summary, description);

    public static RouteHandlerBuilder NeedsIfMatch(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new IfMatchRequired());

    /// <summary>Says that it puts nothing on record, so that neither who asks nor which version was seen matters, nor whether it is asked again.</summary>
    public static RouteHandlerBuilder RecordsNothing(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new NothingRecorded());

    /// <summary>Header that says in words what point of the record an answer shows.</summary>
    public const string ShownHeader = "GeoEvents-Shown";

    /// <summary>Says with every read what it shows.</summary>
    public static async ValueTask<object?> SayWhatIsShown(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var result = await next(invocation);
        if (invocation.Arguments.OfType<IPointed>().FirstOrDefault()?.Shown is { } point && !invocation.HttpContext.Response.HasStarted)
        {
            invocation.HttpContext.Response.Headers.TryAdd(ShownHeader, point.Shown);
        }

        return result;
    }

    /// <summary>Refuses a query parameter that no handler parameter is named for, or that is given twice where the handler takes one text.</summary>
    public static EndpointFilterDelegate RefuseUnknownParameters(EndpointFilterFactoryContext context, EndpointFilterDelegate next)
    {
        var known = context.MethodInfo.GetParameters()
            .SelectMany(p => p.GetCustomAttribute<AsParametersAttribute>() is null
                ? p.ParameterType == typeof(string) || p.ParameterType == typeof(string[]) ? [p.Name!] : []
                : p.ParameterType.GetProperties().Where(q => q.PropertyType == typeof(string)).Select(q => q.Name))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var repeatable = context.MethodInfo.GetParameters().Where(p => p.ParameterType == typeof(string[])).Select(p => p.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return invocation =>
        {
            var http = invocation.HttpContext;
            foreach (var (name, values) in http.Request.Query)
            {
                if (!known.Contains(name) || http.Request.RouteValues.ContainsKey(name))
                {
                    throw new InvalidRequestException(FieldProblem.In(name, "unknown-parameter", "This address takes no such parameter."));
                }

                if (values.Count > 1 && !repeatable.Contains(name))
                {
                    throw new InvalidRequestException(FieldProblem.In(name, "repeated", "The parameter is given twice."));
                }

                if (values.ToString().Any(char.IsControl))
                {
                    throw new InvalidRequestException(FieldProblem.In(name, "control-character", "The value holds a control character."));
                }
            }

            return next(invocation);
        };
    }
}

/// <summary>Marks an address that puts nothing on record.</summary>
public sealed class NothingRecorded;

/// <summary>Which names a workspace can have: 1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen.</summary>
public sealed class WorkspaceConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is string name && IsName(name);

    public static bool IsName(string name) => name is { Length: >= 1 and <= 63 }
        && name[0] != '-'
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
