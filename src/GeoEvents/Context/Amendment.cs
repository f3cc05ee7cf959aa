using System.Text.Json;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Context;

/// <param name="Changes">Fields under their JSON names with the value they have from now on; null takes a value away.</param>
public sealed record Amendment(string Reason = "", IReadOnlyDictionary<string, JsonElement>? Changes = null)
{
    /// <param name="amendable">Fields that it may name.</param>
    public IEnumerable<FieldProblem> Check(IReadOnlySet<string> amendable) => Reasons.Check(Reason)
        .Concat(Changes is { Count: > 0 } ? [] : [FieldProblem.At("/changes", "required", "An amendment names at least one field.")])
        .Concat((Changes ?? new Dictionary<string, JsonElement>()).Keys
            .Where(field => !amendable.Contains(field))
            .Select(field => FieldProblem.At($"/changes/{field}", "unknown-field", "There is no such field to amend.")));

    /// <exception cref="InvalidRequestException">A value does not fit its field.</exception>
    public T Of<T>(T content)
    {
        try
        {
            return Fields.Patch(content, (Changes ?? new Dictionary<string, JsonElement>()).Select(c => new FieldChange(c.Key, null, c.Value)));
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException(FieldProblem.At($"/changes{Body.PointerOf(e.Path)}", "malformed", "The value does not fit this field."));
        }
    }

    /// <summary>Whether a fault is of a field that it names: what it leaves alone may have come about under other rules.</summary>
    public bool Names(FieldProblem problem) => Changes!.ContainsKey(problem.Pointer!.Split('/')[2]);
}
