using System.Text.Json.Serialization;

namespace GeoEvents.Hosting;

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) into the body; null if the fault is in a query parameter or header.</param>
/// <param name="Parameter">Name of the query parameter or header; null if the fault is in the body.</param>
/// <param name="Code">Stable name that clients may branch on, such as <c>required</c>.</param>
/// <param name="Detail">One sentence for a person.</param>
public sealed record FieldProblem(string? Pointer, string? Parameter, string Code, string Detail)
{
    public static FieldProblem At(string pointer, string code, string detail) => new(pointer, null, code, detail);

    public static FieldProblem In(string parameter, string code, string detail) => new(null, parameter, code, detail);

    /// <summary>Where the fault is, whichever kind it is.</summary>
    [JsonIgnore]
    public string Where => Pointer ?? Parameter ?? "";
}
