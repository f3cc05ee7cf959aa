namespace GeoEvents.Hosting;

/// <summary>Query parameters that are true or false.</summary>
public static class Flags
{
    /// <returns>Null if it is not said.</returns>
    /// <exception cref="InvalidRequestException">Neither <c>true</c> nor <c>false</c>.</exception>
    public static bool? Read(string parameter, string? text) => text switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw new InvalidRequestException(FieldProblem.In(parameter, "malformed", "Neither true nor false.")),
    };
}
