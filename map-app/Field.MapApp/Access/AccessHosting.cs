namespace Field.MapApp.Access;

/// <summary>How the server takes sign-in and permission in.</summary>
internal static class AccessHosting
{
    public static void AddAccess(this IServiceCollection services, UpOptions options)
    {
        services.AddSingleton(p => AccountFolder.OpenStore(options.DataDirectory, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AccountDirectory>();
        services.AddSingleton<SignInDesk>();
        services.AddSingleton(new AccessPolicy(options.TotpRoles));
        services.AddSingleton(_ => LocalKey.Create(options.DataDirectory));
        services.AddSingleton(_ => MachineTokens.Open(options.DataDirectory, options.Site));
        services.AddSingleton<PublicMap.PublicMapGuard>();
        services.AddSingleton<AccessGate>();
        services.AddHostedService<AccessWatch>();
    }

    /// <summary>After what came for devices is answered, before everything else.</summary>
    public static void UseAccess(this IApplicationBuilder app)
    {
        AccessGate gate = app.ApplicationServices.GetRequiredService<AccessGate>(); // now: what stops a start is said at the start
        app.Use(gate.InvokeAsync);
    }
}
