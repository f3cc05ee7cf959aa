using Microsoft.AspNetCore.OpenApi;

namespace GeoEvents.Hosting;

/// <summary>The OpenAPI 3.1 document, served at <c>/openapi/v1.json</c> and kept in <c>docs/openapi.json</c>.</summary>
public static class OpenApiDocument
{
    public const string Name = "v1";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = Microsoft.OpenApi.OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "GeoEvents",
                Version = "v1",
                Description = "An event-sourced record of incidents between states, with live views of every bilateral relationship. "
                    + "Every read takes the point in time it is about and the point at which it was known.",
            };
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
    }
}
