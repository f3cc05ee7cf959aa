using System.Text.Json;
using System.Text.Json.Nodes;
using GeoEvents.Actors;
using GeoEvents.Assessments;
using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Coverage;
using GeoEvents.Delivery;
using GeoEvents.Imports;
using GeoEvents.Imports.Mappings;
using GeoEvents.Incidents;
using GeoEvents.Permalinks;
using GeoEvents.Relationships.Counterfactual;
using GeoEvents.Scoring;
using GeoEvents.Sources;
using GeoEvents.Watching;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GeoEvents.Hosting;

/// <summary>The OpenAPI 3.1 document, served at <c>/openapi/v1.json</c> and kept in <c>docs/openapi.json</c>.</summary>
public static class OpenApiDocument
{
    public const string Name = "v1";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
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
        options.AddDocumentTransformer(AnswerSchemas.Complete);
        options.AddOperationTransformer((operation, context, _) =>
        {
            operation.Parameters ??= [];
            foreach (var name in PathParametersOf(context.Description.RelativePath ?? "").Except(operation.Parameters.Select(p => p.Name)))
            {
                operation.Parameters.Insert(0, new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Path,
                    Required = true,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }

            foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
            {
                parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
                parameter.Example = ExampleOf(parameter.Name, context.Description.RelativePath!);
                if (parameter.Name == "id" && context.Description.RelativePath!.Contains("/imports/", StringComparison.Ordinal))
                {
                    // Taken as a text, so that one of another form is answered as any id that is not there.
                    parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" };
                    parameter.Example = "01a205ee-ec17-74dc-a8b2-5b2504288454";
                }
            }

            operation.Responses ??= [];
            if (!operation.Responses.Keys.Any(status => status.StartsWith('2')))
            {
                operation.Responses["200"] = new OpenApiResponse { Description = "OK" };
            }

            if (context.Description.HttpMethod == HttpMethods.Post && !context.Description.ActionDescriptor.EndpointMetadata.OfType<NothingRecorded>().Any())
            {
                var ifMatch = context.Description.ActionDescriptor.EndpointMetadata.OfType<IfMatchRequired>().Any();
                operation.Parameters.Add(Header(Call.UserHeader, "Who decides. Nobody is authenticated yet, so it is recorded as a claim.", required: false));
                operation.Parameters.Add(Header("Idempotency-Key", "A repeated request with the same key gets the first answer again, for a day.", required: false));
                operation.Parameters.Add(Header("If-Match", "ETag of the version that was seen, or * for any.", required: ifMatch));
            }

            if (context.Description.HttpMethod == HttpMethods.Put)
            {
                operation.Parameters.Add(Header(Call.UserHeader, "Who decides. Nobody is authenticated yet, so it is recorded as a claim.", required: false));
                if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IfMatchRequired>().Any())
                {
                    operation.Parameters.Add(Header("If-Match", "ETag of the version that was seen, or * for any.", required: true));
                }
            }

            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (ExampleOf(context.JsonTypeInfo.Type) is { } example)
            {
                schema.Examples = [example];
            }

            foreach (var property in context.JsonTypeInfo.Properties.Where(AnswerSchemas.CanBeLeftOut))
            {
                schema.Required?.Remove(property.Name);
            }

            if (context.JsonPropertyInfo?.CustomConverter is TextOrNumberConverter)
            {
                schema.Type = JsonSchemaType.String | JsonSchemaType.Integer | JsonSchemaType.Null;
            }

            Describe(schema, Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
    }

    private static readonly Dictionary<string, string> ParameterExamples = new()
    {
        ["number"] = "1",
        ["workspace"] = "main",
        ["dyad"] = "AZE-RUS",
        ["actor"] = "RUS",
        ["id"] = "yekaterinburg-raid",
        ["validAsOf"] = "2025-07-02T12:00:00Z",
        ["knownAsOf"] = "29",
        ["method"] = "2026.1",
        ["from"] = "2025-06-01",
        ["to"] = "2025-07-02",
        ["step"] = "P1D",
        ["sort"] = "tension",
        ["type"] = "violence-against-nationals",
        ["issue"] = "yekaterinburg",
        ["text"] = "police raid",
        ["bbox"] = "44,38,51,42",
        ["country"] = "AZE",
        ["limit"] = "50",
        ["feed"] = "gdelt",
        ["month"] = "2025-07",
        ["year"] = "2025",
        ["incident"] = "yekaterinburg-raid",
    };

    private static string? ExampleOf(string parameter, string path) => parameter switch
    {
        "id" when path.Contains("/stakes/", StringComparison.Ordinal) => "zangezur-corridor",
        "id" when path.Contains("/pathways/", StringComparison.Ordinal) => "way-back-from-the-2025-crisis",
        "id" when path.Contains("/influence-claims/", StringComparison.Ordinal) => "USA:yekaterinburg-raid",
        "id" when path.Contains("/assessments/", StringComparison.Ordinal) => "a1",
        "id" when path.Contains("/subscriptions/", StringComparison.Ordinal) => "newsroom",
        "step" when path.Contains("/pathways/", StringComparison.Ordinal) => "s1",
        _ => ParameterExamples.GetValueOrDefault(parameter),
    };

    private static IEnumerable<string> PathParametersOf(string path) =>
        path.Split('/').Where(part => part is ['{', .., '}']).Select(part => part[1..^1].Split(':')[0]);

    private static OpenApiParameter Header(string name, string description, bool required) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Required = required,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    /// <summary>Says of the types that are written by converters of ours what they look like.</summary>
    private static void Describe(OpenApiSchema schema, Type type)
    {
        if (type == typeof(ActorCode))
        {
            Text(schema, "^[A-Z][A-Z0-9]{2,11}$", "RUS");
        }
        else if (type == typeof(Dyad))
        {
            Text(schema, "^[A-Z][A-Z0-9]{2,11}-[A-Z][A-Z0-9]{2,11}$", "AZE-RUS");
        }
        else if (type == typeof(DateTimeOffset))
        {
            Text(schema, null, "2025-07-02T12:00:00Z");
            schema.Format = "date-time";
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetValues(type).Cast<object>().Select(v => (JsonNode)System.Text.Json.JsonSerializer.SerializeToNode(v, type, GeoJson.Options)!)];
        }
        else if (type == typeof(Estimate))
        {
            schema.Type = JsonSchemaType.Integer | JsonSchemaType.Object;
            schema.Description = "A number of people, or an object with best and perhaps low and high.";
            schema.Examples = [2];
        }
        else if (type == typeof(PathwayStep))
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Object;
            schema.Description = "A step's title, or an object with title and perhaps id, state (open, under-way, done, abandoned), due (a day) and incidents (ids).";
            schema.Examples = ["Settle the media-office case"];
        }
        else if (type == typeof(Band))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Description = "A band of tension: its name and the tension it begins at. In a request also a list of the two.";
            schema.Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["name"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["from"] = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" },
            };
            schema.Required = new HashSet<string> { "name", "from" };
        }
        else if (type == typeof(Term))
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Object;
            schema.Description = "Text in which {column} stands for the row's value, or an object with it as of and perhaps match, table, values and otherwise.";
            schema.Examples = ["{event_date}"];
        }
        else if (type == typeof(Membership))
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Object;
            schema.Description = "An actor's code, or an object with actor and perhaps from and to.";
            schema.Examples = ["AZE"];
        }
    }

    /// <summary>Requests that can be sent as they stand.</summary>
    private static JsonNode? ExampleOf(Type type) => Examples.TryGetValue(type, out var json) ? JsonNode.Parse(json) : null;

    private static readonly Dictionary<Type, string> Examples = new()
    {
        [typeof(SubscriptionDraft)] =
            """{ "id": "newsroom", "title": "Newsroom", "webhook": { "url": "https://example.org/geoevents" }, "filter": { "dyads": ["AZE-RUS"], "minSeverity": "warning" } }""",
        [typeof(IncidentDraft)] =
            """
            {
              "id": "yekaterinburg-raid",
              "occurred": "2025-06-27T01:00:00Z",
              "title": "Police raid in Yekaterinburg; two men of Azerbaijani origin die",
              "type": "violence-against-nationals",
              "links": [{ "actor": "RUS", "recipient": "AZE", "attribution": 0.8 }],
              "deaths": 2,
              "detained": 9,
              "intent": "unknown",
              "issues": ["yekaterinburg"],
              "reports": [{ "source": "wire-a", "credibility": 2 }],
              "register": { "sources": [{ "id": "wire-a", "name": "International wire service A", "reliability": "A" }] }
            }
            """,
        [typeof(CorrectionDraft)] = """{ "reason": "The hospital's count", "changes": { "deaths": 3 } }""",
        [typeof(ReasonDraft)] = """{ "reason": "Two incidents were taken for one" }""",
        [typeof(MergeDraft)] = """{ "into": "sputnik-raid", "reason": "The same raid, from another wire" }""",
        [typeof(SplitDraft)] =
            """
            {
              "reason": "Two houses, two days",
              "parts": [
                { "occurred": "2025-06-30", "title": "First house searched", "type": "property-seized", "links": [{ "actor": "AZE", "recipient": "RUS" }] },
                { "occurred": "2025-07-01", "title": "Second house searched", "type": "property-seized", "links": [{ "actor": "AZE", "recipient": "RUS" }] }
              ]
            }
            """,
        [typeof(MethodDraft)] = """{ "id": "2026.1-slow", "reason": "Hostility is remembered longer", "parameters": { "halfLifeFastDays": 21 } }""",
        [typeof(PermalinkDraft)] = """{ "read": "relationships/AZE-RUS?validAsOf=2025-07-02" }""",
        [typeof(WebFileDraft)] = """{ "url": "https://data.gdeltproject.org/gdeltv2/20180101000000.export.CSV.zip" }""",
        [typeof(GradeDraft)] = """{ "credibility": 0.8, "reason": "Seen on video" }""",
        [typeof(ReportAttachment)] = """{ "source": "wire-a", "credibility": 1, "stance": "supports", "url": "https://example.org/story" }""",
        [typeof(ActorDraft)] = """{ "code": "OTS", "name": "Organization of Turkic States", "kind": "bloc", "members": ["AZE", { "actor": "UZB", "from": "2019-10-15" }] }""",
        [typeof(ActorAmendment)] = """{ "reason": "Hungary left", "name": "Organization of Turkic States", "members": ["AZE"] }""",
        [typeof(SourceDraft)] = """{ "id": "wire-a", "name": "International wire service A", "reliability": "A", "group": "wire-a" }""",
        [typeof(FeedDraft)] = """{ "address": "http://data.gdeltproject.org/gdeltv2/lastupdate.txt", "from": "2026-01-01T00:00:00Z" }""",
        [typeof(CounterfactualRequest)] =
            """
            { "changes": { "drop": ["yekaterinburg-raid"], "move": [{ "id": "sputnik-raid", "occurred": "2025-08-01" }],
              "recode": [{ "id": "culture-cancelled", "type": "diplomatic-protest" }] }, "validAsOf": "2025-07-02", "series": { "from": "2025-06-01" } }
            """,
        [typeof(OverlayDraft)] = """{ "changes": { "drop": ["yekaterinburg-raid"] }, "note": "Had the raid not been" }""",
        [typeof(SourceGrade)] = """{ "reason": "Three stories withdrawn", "reliability": "C" }""",
        [typeof(ProfileDraft)] = """{ "reason": "Speech of 9 November", "goals": ["Keep influence in Armenia"], "constraints": ["Limited military resources"] }""",
        [typeof(StakeContent)] = """{ "id": "zangezur-corridor", "name": "Zangezur corridor", "kind": "transport corridor", "heldBy": ["ARM"], "soughtBy": ["AZE", "TUR", "RUS"] }""",
        [typeof(Amendment)] = """{ "reason": "Read again", "changes": { "basis": "Two officials, each by himself" } }""",
        [typeof(InfluenceClaimContent)] =
            """
            {
              "incident": "yekaterinburg-raid",
              "influencer": "USA",
              "likelihood": [0.05, 0.2],
              "confidence": "low",
              "basis": "One commentary, which names no source"
            }
            """,
        [typeof(PathwayContent)] =
            """
            {
              "dyad": "AZE-RUS",
              "name": "Way back from the 2025 crisis",
              "steps": ["Settle the media-office case", { "title": "Rebuild on trade", "state": "under-way", "due": "2027-06-30" }]
            }
            """,
        [typeof(PathwayAmendment)] = """{ "reason": "Agreed in Dushanbe", "add": ["Return of the ambassadors"] }""",
        [typeof(StepProgress)] = """{ "reason": "Moscow apologised", "state": "done", "incidents": ["azal-apology"] }""",
        [typeof(AssessmentDraft)] =
            """{ "posture": 5, "reason": "Both ambassadors are away", "expiresAt": "2030-01-01T00:00:00Z", "likelihood": [0.6, 0.75], "confidence": "moderate" }""",
        [typeof(CheckDraft)] = """{ "from": "2025-07-01", "to": "2025-07-07", "searched": "Wires A and B, both foreign ministries", "found": "nothing" }""",
    };

    private static void Text(OpenApiSchema schema, string? pattern, string example)
    {
        schema.Type = JsonSchemaType.String;
        schema.Pattern = pattern;
        schema.Examples = [example];
    }
}
