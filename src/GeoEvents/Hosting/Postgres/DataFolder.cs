namespace GeoEvents.Hosting.Postgres;

/// <summary>Where the service keeps what it stores itself.</summary>
public static class DataFolder
{
    public const string Variable = "GEOEVENTS_DATA";

    /// <summary><c>GEOEVENTS_DATA</c>, else <c>geoevents</c> in <c>XDG_DATA_HOME</c>, else in <c>~/.local/share</c>. It need not exist.</summary>
    public static string Default => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen
        ? Path.GetFullPath(chosen)
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "geoevents");
}
