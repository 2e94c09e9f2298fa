namespace Field.Ingest.Bookings;

/// <summary>Why a booking or facility is not taken, in words of both languages. No name and no contact of a person stands in it.</summary>
/// <param name="Code">A word for programs, such as <c>overlap</c>.</param>
/// <param name="Ja">In Japanese.</param>
/// <param name="En">In English.</param>
public sealed record BookingFault(string Code, string Ja, string En) : RequestError(Code, Ja, En)
{
    internal static BookingFault NoFacility { get; } = new("no-facility", "その施設は登録されていません", "there is no such facility");

    internal static BookingFault NoBooking { get; } = new("no-booking", "その予約はありません", "there is no such booking");

    internal static BookingFault Changed { get; } = new("changed", "ほかの人が先に変更しました。最新の内容を確かめてください", "somebody changed it meanwhile: look at it as it is now");

    internal static BookingFault BadSlot { get; } = new("bad-slot", "終了は開始より後の時刻で、31日以内にしてください", "it must end after its begin, within 31 days");

    internal static BookingFault Over { get; } = new("over", "すでに終わった時間です", "the time is over");

    internal static BookingFault Cancelled { get; } = new("cancelled", "取り消された予約です", "the booking is cancelled");

    internal static BookingFault NoPinDoor { get; } = new("no-pin-door", "この予約で開ける暗証番号式の扉がありません", "the booking has no door that takes a PIN");

    internal static BookingFault NoKeyBox { get; } = new("no-key-box", "この予約で使うキーボックスがありません", "the booking has no key box");

    internal static BookingFault NotUnlockable(string device) => new("no-secret", $"扉 {device} は錠として登録されていません（./field device enrol --kind lock）", $"{device} has no lock secret: enrol it with ./field device enrol --kind lock");

    internal static BookingFault KeyBoxTooLong { get; } = new("key-box-too-long", "キーボックスの番号は前後の余裕を含めて12時間以内の予約にだけ使えます", "key box codes are for at most 12 hours, with the minutes before and after");

    internal static BookingFault HasBookings(int count) => new("has-bookings", $"これからの予約が {count} 件あるため削除できません。予約を移すか取り消してください", $"it has {count} bookings to come: move or cancel them");

    internal static BookingFault RoomHasBookings(string room, int count) => new("has-bookings", $"部屋「{room}」にこれからの予約が {count} 件あるため消せません。予約を移すか取り消してください", $"room '{room}' has {count} bookings to come: move or cancel them");

    internal static BookingFault NothingToUndo { get; } = new("nothing-to-undo", "元に戻せる変更はありません", "no change is left to undo");

    internal static BookingFault DoorElsewhere(string device, string facility) => new("door-elsewhere", $"機器 {device} は「{facility}」の扉として登録されています", $"{device} is a door of {facility}");

    internal static BookingFault NoRoom(string room) => new("no-room", $"部屋「{room}」は施設に登録されていません", $"the facility has no room '{room}'");

    internal static BookingFault WhichRoom { get; } = new("which-room", "部屋を指定してください", "name the room");

    internal static BookingFault Overlap(string room, string id) => new("overlap", $"{room} は予約 {id} と時間が重なります", $"{room} is taken at this time by booking {id}");

    internal static BookingFault Bad(string member, string ja, string en) => new("bad-value", $"{member}: {ja}", $"{member}: {en}");
}

/// <summary>A booking or facility is not taken.</summary>
/// <param name="fault">Why.</param>
public sealed class BookingException(BookingFault fault) : FieldException($"{fault?.Ja} / {fault?.En}")
{
    /// <summary>Why.</summary>
    public BookingFault Fault { get; } = fault!;
}
