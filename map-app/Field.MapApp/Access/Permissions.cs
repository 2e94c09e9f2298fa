using System.Collections.Frozen;

namespace Field.MapApp.Access;

/// <summary>How far data may go.</summary>
internal enum DataClass
{
    /// <summary>Anybody may see it.</summary>
    Public,

    /// <summary>Whoever may see the map.</summary>
    Internal,

    /// <summary>Names single residents or households; never on a listener that faces the internet.</summary>
    Resident,

    /// <summary>Of the tax office; never on a listener that faces the internet.</summary>
    Tax,
}

/// <summary>How data classes are written.</summary>
internal static class DataClasses
{
    /// <summary>The class of a name; of one that we do not know the strictest, so that a slip hides and does not show.</summary>
    public static DataClass Parse(string? name) => name switch
    {
        "public" => DataClass.Public,
        "internal" => DataClass.Internal,
        "tax" => DataClass.Tax,
        _ => DataClass.Resident,
    };
}

/// <summary>Something that a role may do.</summary>
/// <param name="Name">As in SPEC.md, the audit log and the map's own list of what to offer.</param>
/// <param name="Shows">The class of the data that it opens.</param>
/// <param name="NeedsProof">True when the person must have proved to be there within <see cref="SessionLimits.Proof"/>.</param>
/// <param name="IsForPeople">True when only a person who signed in may: neither a machine's token nor the user of this machine.</param>
internal sealed record Permission(string Name, DataClass Shows = DataClass.Internal, bool NeedsProof = false, bool IsForPeople = false);

/// <summary>Who may do what: the one table. Whatever is not in it nobody may do.</summary>
internal static class Permissions
{
    public static readonly Permission MapView = new("map.view");
    public static readonly Permission FindingsDecide = new("findings.decide");
    public static readonly Permission FormsExport = new("forms.export");
    public static readonly Permission RoutesPlan = new("routes.plan");
    public static readonly Permission AlarmsAcknowledge = new("alarms.acknowledge");
    public static readonly Permission LocksBook = new("locks.book");
    public static readonly Permission LocksOpen = new("locks.open", NeedsProof: true);
    public static readonly Permission DronesCommand = new("drones.command");
    public static readonly Permission DevicesCommand = new("devices.command", NeedsProof: true);
    public static readonly Permission DeadLettersManage = new("dead-letters.manage");
    public static readonly Permission LayersManage = new("layers.manage");
    public static readonly Permission ReportsSend = new("reports.send");
    public static readonly Permission PhotosUpload = new("photos.upload");
    public static readonly Permission BoardManage = new("board.manage");
    public static readonly Permission ResidentsView = new("residents.view", DataClass.Resident, NeedsProof: true);
    public static readonly Permission ResidentsManage = new("residents.manage", DataClass.Resident, NeedsProof: true);
    public static readonly Permission ImpactRun = new("impact.run");
    public static readonly Permission TaxView = new("tax.view", DataClass.Tax);
    public static readonly Permission AccountsView = new("accounts.view", IsForPeople: true);
    public static readonly Permission AccountsManage = new("accounts.manage", NeedsProof: true, IsForPeople: true);

    /// <summary>The role that has people under it.</summary>
    public const string Administrator = "admin";

    /// <summary>The roles, in the order of the table.</summary>
    public static readonly IReadOnlyList<string> Roles = ["hq", "field", "drone", "tax", "water", "locks", "admin"];

    private static readonly (Permission Permission, string Roles)[] Table =
    [
        (MapView, "hq field drone tax water locks admin"),
        (FindingsDecide, "hq field"),
        (FormsExport, "hq field"),
        (RoutesPlan, "hq field drone"),
        (AlarmsAcknowledge, "hq field water locks"),
        (LocksBook, "hq locks"),
        (LocksOpen, "hq locks"),
        (DronesCommand, "hq drone"),
        (DevicesCommand, "admin"),
        (DeadLettersManage, "admin"),
        (LayersManage, "hq tax water admin"),
        (ReportsSend, "hq field drone tax water locks"),
        (PhotosUpload, "hq field drone"),
        (BoardManage, "hq"),
        (ResidentsView, "hq"),
        (ResidentsManage, "hq"),
        (ImpactRun, "hq field water"),
        (TaxView, "tax"),
        (AccountsView, Administrator),
        (AccountsManage, Administrator),
    ];

    private static readonly FrozenDictionary<string, FrozenSet<Permission>> ByRole =
        Roles.ToFrozenDictionary(role => role, role => Table.Where(row => row.Roles.Split(' ').Contains(role)).Select(row => row.Permission).ToFrozenSet());

    /// <summary>Every permission, in the order of the table.</summary>
    public static IReadOnlyList<Permission> All { get; } = [.. Table.Select(row => row.Permission)];

    /// <summary>What several roles together may do; a role that is not in the table may nothing.</summary>
    public static FrozenSet<Permission> Of(IEnumerable<string> roles) => roles.SelectMany(role => ByRole.TryGetValue(role, out FrozenSet<Permission>? may) ? may : []).ToFrozenSet();

    /// <summary>What is not for people only.</summary>
    public static FrozenSet<Permission> WithoutAPerson(IEnumerable<Permission> permissions) => permissions.Where(p => !p.IsForPeople).ToFrozenSet();

    /// <summary>What one needs to see data of a class; null when anybody may.</summary>
    public static Permission? ToSee(DataClass data) => data switch
    {
        DataClass.Public => null,
        DataClass.Internal => MapView,
        DataClass.Resident => ResidentsView,
        _ => TaxView,
    };

    /// <summary>May a listener serve data of a class at all, whoever asks?</summary>
    public static bool IsServed(DataClass data, bool isInternetFacing) => !isInternetFacing || data is DataClass.Public or DataClass.Internal;
}
