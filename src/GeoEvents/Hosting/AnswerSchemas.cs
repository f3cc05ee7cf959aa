using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Document = Microsoft.OpenApi.OpenApiDocument;

namespace GeoEvents.Hosting;

/// <summary>Says in the schemas of the OpenAPI document what an answer always has, and what lists are of.</summary>
/// <remarks>
/// A schema is made of a type as it is read, and of a type that is only written it says too little: whatever is not null is there, and
/// nothing is ever written as null (<see cref="GeoJson"/>). Types that some request holds stay as they are. Elements of lists are lost
/// where a converter writes them, so they are put in place here.
/// </remarks>
public static class AnswerSchemas
{
    public static async Task Complete(Document document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        var operations = context.DescriptionGroups.SelectMany(g => g.Items).ToList();
        var read = Reached(operations.SelectMany(o => o.ParameterDescriptions).Where(p => p.Source == BindingSource.Body).Select(p => p.Type));
        var written = Reached(operations.SelectMany(o => o.SupportedResponseTypes).Select(r => r.Type));
        foreach (var type in read.Union(written).Select(t => GeoJson.Options.GetTypeInfo(t)).Where(t => t.Kind == JsonTypeInfoKind.Object))
        {
            if (!document.Components!.Schemas!.TryGetValue(NameOf(type) ?? "", out var found) || found is not OpenApiSchema schema)
            {
                continue;
            }

            foreach (var property in type.Properties.Where(p => schema.Properties?.ContainsKey(p.Name) == true))
            {
                if (ElementOf(property.PropertyType) is { } element)
                {
                    schema.Properties![property.Name] = await ListOf(element, schema.Properties[property.Name], document, context, cancel);
                }

                if (!read.Contains(type.Type))
                {
                    schema.Properties![property.Name] = WithoutNull(schema.Properties[property.Name]);
                    if (!CanBeLeftOut(property))
                    {
                        (schema.Required ??= new HashSet<string>()).Add(property.Name);
                    }
                }
            }
        }

        SayKinds(document);
        await SayFaults(document, context, cancel);
    }

    /// <summary>Null and empty lists are not written; see <see cref="GeoJson"/>.</summary>
    public static bool CanBeLeftOut(JsonPropertyInfo property) =>
        property.IsGetNullable || property.ShouldSerialize is not null || Nullable.GetUnderlyingType(property.PropertyType) is not null;

    /// <summary>Name of a type's schema; that of a kind begins with what it is a kind of.</summary>
    private static string? NameOf(JsonTypeInfo type) =>
        type.Type.BaseType is { } parent && parent != typeof(object) && GeoJson.Options.GetTypeInfo(parent).PolymorphismOptions is not null
            ? parent.Name + type.Type.Name
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    /// <summary>An object that has to say of which kind it is has to: the schema of a kind leaves it open.</summary>
    private static void SayKinds(Document document)
    {
        foreach (var schema in document.Components!.Schemas!.Values.OfType<OpenApiSchema>().Where(s => s.Discriminator is not null))
        {
            foreach (var kind in (schema.AnyOf ?? []).Concat(schema.OneOf ?? []).OfType<OpenApiSchemaReference>())
            {
                if (document.Components.Schemas.TryGetValue(kind.Reference.Id!, out var found) && found is OpenApiSchema of)
                {
                    (of.Required ??= new HashSet<string>()).Add(schema.Discriminator!.PropertyName!);
                }
            }
        }
    }

    /// <summary>The framework's type of a problem does not know of the faults that ours names.</summary>
    private static async Task SayFaults(Document document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        if (!document.Components!.Schemas!.TryGetValue(nameof(ProblemDetails), out var found) || found is not OpenApiSchema problem)
        {
            return;
        }

        var fault = await context.GetOrCreateSchemaAsync(typeof(FieldProblem), null, cancel);
        foreach (var name in fault.Properties!.Keys.ToList())
        {
            fault.Properties[name] = WithoutNull(fault.Properties[name]);
        }

        document.AddComponent(nameof(FieldProblem), fault);
        problem.Properties!.Remove("instance");
        problem.Properties["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchemaReference(nameof(FieldProblem), document),
            Description = "Every fault of the request, each with the field that it is in.",
        };
        foreach (var name in new[] { "type", "title", "status" })
        {
            problem.Properties[name] = WithoutNull(problem.Properties[name]);
            (problem.Required ??= new HashSet<string>()).Add(name);
        }

        problem.Properties["detail"] = WithoutNull(problem.Properties["detail"]);
    }

    private static async Task<IOpenApiSchema> ListOf(
        Type element, IOpenApiSchema property, Document document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        var list = property as OpenApiSchema ?? new OpenApiSchema();
        if (list.Type?.HasFlag(JsonSchemaType.Array) == false || list.Items is OpenApiSchemaReference or OpenApiSchema { Type: not null } or OpenApiSchema { AnyOf: not null })
        {
            return property;
        }

        if (OpenApiOptions.CreateDefaultSchemaReferenceId(GeoJson.Options.GetTypeInfo(element)) is not { } id)
        {
            return property;
        }

        if (!document.Components!.Schemas!.ContainsKey(id))
        {
            document.AddComponent(id, await context.GetOrCreateSchemaAsync(element, null, cancel));
        }

        list.Type ??= JsonSchemaType.Array;
        list.Items = new OpenApiSchemaReference(id, document);
        return list;
    }

    /// <summary>The type of what a list holds; null if it is none.</summary>
    private static Type? ElementOf(Type type) =>
        GeoJson.Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } ? Nullable.GetUnderlyingType(element) ?? element : null;

    private static IOpenApiSchema WithoutNull(IOpenApiSchema property)
    {
        if (property is not OpenApiSchema schema)
        {
            return property;
        }

        if (schema.OneOf is { Count: 2 } choice && choice.SingleOrDefault(s => s.Type != JsonSchemaType.Null) is { } value)
        {
            if (value is OpenApiSchemaReference reference)
            {
                reference.Description = schema.Description;
            }

            return value;
        }

        if (schema.Type is { } type)
        {
            schema.Type = type & ~JsonSchemaType.Null;
        }

        return schema;
    }

    /// <summary>The types themselves, and all that their properties and elements are of.</summary>
    private static HashSet<Type> Reached(IEnumerable<Type?> from)
    {
        var reached = new HashSet<Type>();
        var ahead = new Stack<Type>(from.OfType<Type>().Where(t => t != typeof(void)));
        while (ahead.TryPop(out var next))
        {
            var type = Nullable.GetUnderlyingType(next) ?? next;
            if (!reached.Add(type) || type.IsAssignableTo(typeof(Stream)) || typeof(IResult).IsAssignableFrom(type))
            {
                continue;
            }

            var info = GeoJson.Options.GetTypeInfo(type);
            foreach (var part in info.Properties.Select(p => p.PropertyType)
                .Concat(info.ElementType is { } element ? [element] : [])
                .Concat(info.PolymorphismOptions?.DerivedTypes.Select(d => d.DerivedType) ?? []))
            {
                ahead.Push(part);
            }
        }

        return reached;
    }
}
