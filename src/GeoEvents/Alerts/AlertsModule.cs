using GeoEvents.Alerts.Engine;
using GeoEvents.Alerts.Live;

namespace GeoEvents.Alerts;

/// <summary>What the service has to know of alerts.</summary>
public static class AlertsModule
{
    public static void AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<DyadTurns>();
        services.AddSingleton<EngineStore>();
        services.AddSingleton<AlertVerifier>();
        services.AddHostedService<AlertEngine>();
    }
}
