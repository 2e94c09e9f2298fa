using System.Globalization;
using Field.Geo.Linear;
using Field.Store;

namespace Field.MapApp.Forms;

/// <summary>One finding as a form tells it: the row of a primary finding, with the photo that it was seen on.</summary>
/// <param name="Row">The finding.</param>
/// <param name="Photo">The photo's row, or null.</param>
internal sealed record Damage(Feature Row, Feature? Photo)
{
    /// <summary>Its number in this form, from 1.</summary>
    public int Number { get; init; }

    /// <summary>True when a person confirmed or corrected it.</summary>
    public bool IsDecided => Row.Text("status") is "confirmed" or "corrected";

    /// <summary>The element's code such as Mg0101; empty when it is on none.</summary>
    public string Element => Row.Text("elementId") is { } id ? id[(id.LastIndexOf('/') + 1)..] : "";

    /// <summary>What decides the order of urgency: the person's letter, else the worst of the draft; null when there is none.</summary>
    public string? Letter => IsDecided ? Row.Text("degree") : Row.Text("degreeMost");

    /// <summary>The scale of its letters: <c>bridge</c> a to e, <c>levee</c> a to d; null when no table applies.</summary>
    public string? Scale => Row.Text("rankScale");

    public string? Class => Row.Text("class");

    public int? Type => (int?)Row.Whole("damageType");

    /// <summary>The official name of the damage type on a bridge, else the name of the class.</summary>
    public string Name(bool japanese) => Type is { } type ? DamageWords.Type(type, japanese) : DamageWords.Class(Class, japanese);

    /// <summary>The letter of the person, or the draft's in brackets.</summary>
    public string Degree => IsDecided
        ? Row.Text("degree") ?? "-"
        : (Row.Text("degreeLeast"), Row.Text("degreeMost")) switch
        {
            ({ } least, { } most) when least == most => $"({most})",
            ({ } least, { } most) => $"({least}–{most})",
            _ => "(-)",
        };

    /// <summary><see cref="Degree"/> with its scale, for lists that have both.</summary>
    public string ScaledDegree(bool japanese) => Scale switch
    {
        "bridge" => $"{(japanese ? "橋梁" : "bridge")} {Degree}",
        "levee" => $"{(japanese ? "堤防" : "levee")} {Degree}",
        _ => Degree,
    };

    public string Status(bool japanese) => Row.Text("status") switch
    {
        "confirmed" => japanese ? "確定" : "confirmed",
        "corrected" => japanese ? "修正" : "corrected",
        "draft" => japanese ? "未判定" : "draft",
        { } other => other,
        null => "",
    };

    /// <summary>右岸 12.3k + 40 m; empty when it is at no distance mark.</summary>
    public string Place(bool japanese) => Row.Real("markKm") is { } km
        ? MarkText.Format(MarkText.ParseBank(Row.Text("bank")), km, Row.Real("markOffsetM") ?? 0, japanese)
        : "";

    /// <summary>The sizes that belong to its class, with one standard deviation where it is known.</summary>
    public string Measures(bool japanese)
    {
        List<string> parts = [];
        if (Row.Real("chainLengthM") is { } chain)
        {
            parts.Add(japanese ? $"長さ {WithError(chain, Row.Real("chainErrorM"), 2)} m（連続する写真の全長）" : $"length {WithError(chain, Row.Real("chainErrorM"), 2)} m (along overlapping photos)");
        }
        else if (Row.Real("lengthM") is { } length)
        {
            parts.Add($"{(japanese ? "長さ" : "length")} {WithError(length, Row.Real("lengthErrorM"), 2)} m");
        }

        if (Class is "crack" or "levee-crack" or "road-crack")
        {
            AddWidth(parts, japanese);
        }
        else if (Row.Real("areaM2") is { } area)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{(japanese ? "面積" : "area")} {area:0.00#} m²"));
        }

        return string.Join(japanese ? "、" : ", ", parts);
    }

    private void AddWidth(List<string> parts, bool japanese)
    {
        if (Row.Real("maxWidthMm") is { } width)
        {
            parts.Add($"{(japanese ? "最大幅" : "max. width")} {WithError(width, Row.Real("widthErrorMm"), 2)} mm");
        }
        else if (Row.Flag("resolvable") == false && Row.Real("gsdM") is { } gsd)
        {
            string perPx = string.Create(CultureInfo.InvariantCulture, $"{gsd * 1000:0.##} mm/px");
            parts.Add(japanese ? $"幅は判読不可（{perPx}）" : $"width not resolvable at {perPx}");
        }

        if (Row.Real("spacingMm") is { } spacing)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{(japanese ? "最小間隔" : "least spacing")} {spacing:0} mm"));
        }
    }

    private static string WithError(double value, double? error, int decimals)
    {
        string format = "F" + decimals.ToString(CultureInfo.InvariantCulture);
        string text = value.ToString(format, CultureInfo.InvariantCulture);
        return error is { } e ? $"{text} ± {e.ToString(format, CultureInfo.InvariantCulture)}" : text;
    }
}
