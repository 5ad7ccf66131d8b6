is_mine = True
print("GOT imported")
