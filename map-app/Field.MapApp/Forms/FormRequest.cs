using System.Globalization;
using Field.Contracts;

namespace Field.MapApp.Forms;

/// <summary>The forms.</summary>
internal enum FormKind
{
    /// <summary>橋梁点検調書.</summary>
    Bridge,

    /// <summary>堤防点検結果表.</summary>
    Levee,

    /// <summary>変状一覧.</summary>
    List,

    /// <summary>被災箇所一覧, in order of urgency, with the time line since the event.</summary>
    Flood,
}

/// <summary>What a form is written as.</summary>
internal enum FormFormat
{
    Xlsx,
    Pdf,
    Html,
    Csv,
    GeoJson,
}

/// <summary>Which form of what. Times are instants; a plain date means a day in Japan.</summary>
internal sealed record FormRequest(FormKind Kind, FormFormat Format)
{
    private const int MaxId = 300;
    private const int MaxInspector = 100;

    /// <summary>Japan's offset all the year.</summary>
    public static readonly TimeSpan JapanOffset = TimeSpan.FromHours(9);

    /// <summary>The asset, or null for all; bridge and levee need one.</summary>
    public string? AssetId { get; private init; }

    /// <summary>Only what was captured from here on, or null.</summary>
    public DateTimeOffset? From { get; private init; }

    /// <summary>Only what was captured before, or null.</summary>
    public DateTimeOffset? Until { get; private init; }

    /// <summary>When the flood or earthquake was, or null.</summary>
    public DateTimeOffset? EventAt { get; private init; }

    /// <summary>The name in the cell 点検者; null: who decided.</summary>
    public string? Inspector { get; private init; }

    public bool IsJapanese { get; private init; } = true;

    /// <summary>Reads a request as it comes from the command line or a query string.</summary>
    /// <exception cref="FormException">Something is wrong; all errors at once.</exception>
    public static FormRequest Parse(FormArguments given)
    {
        List<FormFault> errors = [];
        if (!Enum.TryParse(given.Form, ignoreCase: true, out FormKind kind) || !Enum.IsDefined(kind) || int.TryParse(given.Form, out _))
        {
            errors.Add(FormFault.Form);
        }

        if (!Enum.TryParse(given.Format ?? nameof(FormFormat.Xlsx), ignoreCase: true, out FormFormat format) || !Enum.IsDefined(format) || int.TryParse(given.Format, out _))
        {
            errors.Add(FormFault.Format);
        }

        string? asset = Text(given.Asset, MaxId, "asset", errors);
        if (asset is null && kind is FormKind.Bridge or FormKind.Levee)
        {
            errors.Add(FormFault.AssetNeeded);
        }

        FormRequest request = new(kind, format)
        {
            AssetId = asset,
            From = Time(given.From, "from", isEnd: false, errors),
            Until = Time(given.To, "to", isEnd: true, errors),
            EventAt = Time(given.EventAt, "event-at", isEnd: false, errors),
            Inspector = Text(given.Inspector, MaxInspector, "inspector", errors),
            IsJapanese = given.Language is not "en",
        };
        if (given.Language is not (null or "ja" or "en"))
        {
            errors.Add(FormFault.Language);
        }

        if (request.From >= request.Until)
        {
            errors.Add(FormFault.Period);
        }

        return errors.Count == 0 ? request : throw new FormException(FormFault.All(errors));
    }

    private static string? Text(string? text, int most, string name, List<FormFault> errors)
    {
        string? trimmed = text?.Trim() is { Length: > 0 } some ? some : null;
        if (trimmed?.Length > most || trimmed?.Any(char.IsControl) == true)
        {
            errors.Add(FormFault.Text(name, most));
            return null;
        }

        return trimmed;
    }

    private static DateTimeOffset? Time(string? text, string name, bool isEnd, List<FormFault> errors)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) && day.Year is > 1900 and < 9000)
        {
            return new DateTimeOffset((isEnd ? day.AddDays(1) : day).ToDateTime(TimeOnly.MinValue), JapanOffset).ToUniversalTime();
        }

        if (WireTime.TryParse(text.Trim(), out DateTimeOffset time))
        {
            return time.ToUniversalTime();
        }

        errors.Add(FormFault.Time(name));
        return null;
    }
}

/// <summary>The words of a request, unchecked.</summary>
internal sealed record FormArguments(
    string? Form, string? Format, string? Asset = null, string? From = null, string? To = null, string? EventAt = null, string? Language = null, string? Inspector = null);
